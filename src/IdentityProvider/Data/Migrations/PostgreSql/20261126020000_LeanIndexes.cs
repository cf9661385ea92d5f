using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityProvider.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class LeanIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Tokens_ApplicationId_Status_Subject_Type",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Tokens_CreationDate",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Tokens_Subject",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Grants_ApplicationId_Status_Subject_Type",
                table: "Grants");

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_ApplicationId",
                table: "Tokens",
                column: "ApplicationId");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_ApplicationId",
                table: "Grants",
                column: "ApplicationId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Tokens_ApplicationId",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Grants_ApplicationId",
                table: "Grants");

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_ApplicationId_Status_Subject_Type",
                table: "Tokens",
                columns: new[] { "ApplicationId", "Status", "Subject", "Type" });

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_CreationDate",
                table: "Tokens",
                column: "CreationDate");

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_Subject",
                table: "Tokens",
                column: "Subject");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_ApplicationId_Status_Subject_Type",
                table: "Grants",
                columns: new[] { "ApplicationId", "Status", "Subject", "Type" });
        }
    }
}
