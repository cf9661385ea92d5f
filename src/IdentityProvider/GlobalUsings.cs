// Folders here carry the RFCs' nouns, as do the library's lists of constants: these aliases keep the two apart.
global using ClaimNames = OpenIddict.Abstractions.OpenIddictConstants.Claims;
global using KnownPermissions = OpenIddict.Abstractions.OpenIddictConstants.Permissions;
global using KnownScopes = OpenIddict.Abstractions.OpenIddictConstants.Scopes;
