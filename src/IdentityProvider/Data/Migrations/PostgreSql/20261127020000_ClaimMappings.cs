using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityProvider.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ClaimMappings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ClaimMappings",
                table: "Scopes",
                type: "character varying(16384)",
                maxLength: 16384,
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "ClaimMappings",
                table: "ApiResources",
                type: "character varying(16384)",
                maxLength: 16384,
                nullable: false,
                defaultValue: "[]");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ClaimMappings",
                table: "Scopes");

            migrationBuilder.DropColumn(
                name: "ClaimMappings",
                table: "ApiResources");
        }
    }
}
