using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityProvider.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OpenIdProvider : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "CompletedAt",
                table: "PendingRequests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "PushedReference",
                table: "PendingRequests",
                type: "BLOB",
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "UsedProofs",
                columns: table => new
                {
                    Hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsedProofs", x => x.Hash);
                });

            migrationBuilder.CreateIndex(
                name: "IX_PendingRequests_PushedReference",
                table: "PendingRequests",
                column: "PushedReference",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_UsedProofs_ExpiresAt",
                table: "UsedProofs",
                column: "ExpiresAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "UsedProofs");

            migrationBuilder.DropIndex(
                name: "IX_PendingRequests_PushedReference",
                table: "PendingRequests");

            migrationBuilder.DropColumn(
                name: "CompletedAt",
                table: "PendingRequests");

            migrationBuilder.DropColumn(
                name: "PushedReference",
                table: "PendingRequests");
        }
    }
}
