-- What speech recognition gets wrong in a workspace, and what it should have heard. The key is how a match is recognised (its
-- words in lower case), made by the program, so that two corrections never fight over the same words.

-- +goose Up

create table transcript_corrections (
    id                uuid primary key,
    workspace_id      uuid not null references workspaces (id),
    wrong             text not null,
    correct           text not null,
    key               text collate "C" not null,
    active            boolean not null,
    created_by_rep_id uuid references sales_reps (id),
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    constraint transcript_corrections_key unique (workspace_id, key)
);

select tertulia_tenant_table('transcript_corrections');
