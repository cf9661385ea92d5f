using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityProvider.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Authorization : Migration
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
                name: "ActorClientId",
                table: "AuditEvents",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ActorSubject",
                table: "AuditEvents",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ClaimMappings",
                table: "ApiResources",
                type: "character varying(16384)",
                maxLength: 16384,
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "Policies",
                table: "ApiResources",
                type: "character varying(262144)",
                maxLength: 262144,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "PasswordResets",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PasswordResets", x => x.UserId);
                    table.ForeignKey(
                        name: "FK_PasswordResets_Users_UserId",
                        column: x => x.UserId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_ActorClientId_At",
                table: "AuditEvents",
                columns: new[] { "ActorClientId", "At" },
                filter: "\"ActorClientId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_ActorSubject_At",
                table: "AuditEvents",
                columns: new[] { "ActorSubject", "At" },
                filter: "\"ActorSubject\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_PasswordResets_ExpiresAt",
                table: "PasswordResets",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_PasswordResets_TokenHash",
                table: "PasswordResets",
                column: "TokenHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PasswordResets");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_ActorClientId_At",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_ActorSubject_At",
                table: "AuditEvents");

            migrationBuilder.DropColumn(
                name: "ClaimMappings",
                table: "Scopes");

            migrationBuilder.DropColumn(
                name: "ActorClientId",
                table: "AuditEvents");

            migrationBuilder.DropColumn(
                name: "ActorSubject",
                table: "AuditEvents");

            migrationBuilder.DropColumn(
                name: "ClaimMappings",
                table: "ApiResources");

            migrationBuilder.DropColumn(
                name: "Policies",
                table: "ApiResources");
        }
    }
}
