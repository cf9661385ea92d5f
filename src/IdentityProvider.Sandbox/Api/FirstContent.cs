using System.Globalization;

namespace IdentityProvider.Sandbox.Api;

/// <summary>What there is before anybody has written anything. The owners are the <c>sub</c> of people in <c>sandbox.json</c>.</summary>
internal static class FirstContent
{
    public static string Sql(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"""
        CREATE TABLE Posts (
            Id INTEGER PRIMARY KEY AUTOINCREMENT,
            OwnerSubject TEXT NOT NULL,
            Byline TEXT NOT NULL,
            Title TEXT NOT NULL,
            Text TEXT NOT NULL,
            PublishAt INTEGER NULL,
            IsWithdrawn INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE Readers (Name TEXT NOT NULL, Email TEXT NOT NULL, Region TEXT NOT NULL);

        INSERT INTO Posts (OwnerSubject, Byline, Title, Text, PublishAt, IsWithdrawn) VALUES
            ('anna', 'Anna Author', 'The harbour at five in the morning', 'Before the cranes wake, the harbour belongs to the gulls and to the two women who count the crates.', {now.AddDays(-2).ToUnixTimeSeconds()}, 0),
            ('carla', 'Carla Chief', 'A letter to our readers', 'We are forty this year. Here is what we got wrong, and what we mean to keep.', {now.AddDays(-1).ToUnixTimeSeconds()}, 0),
            ('erik', 'Erik Editor', 'Why we print on Thursdays', 'It began with a broken press and a baker who was awake anyway.', {now.AddDays(30).ToUnixTimeSeconds()}, 0),
            ('erik', 'Erik Editor', 'What the archive forgot', 'A box without a label, and eleven letters nobody had answered.', NULL, 0),
            ('anna', 'Anna Author', 'Notes on a quiet election', 'The hall was full and nobody raised their voice. I asked them why.', NULL, 0);

        INSERT INTO Readers (Name, Email, Region) VALUES
            ('Ines Alves', 'ines@readers.example', 'EU'),
            ('Jonas Berg', 'jonas@readers.example', 'EU'),
            ('Klara Novak', 'klara@readers.example', 'EU'),
            ('Liam Carter', 'liam@readers.example', 'US'),
            ('Maya Reed', 'maya@readers.example', 'US');

        PRAGMA user_version = 1;
        """);
}
