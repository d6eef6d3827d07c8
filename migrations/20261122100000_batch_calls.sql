-- Batches of calls, the requests to the provider that they come down to, and the people who are called.

-- +goose Up

create table call_batches (
    id              uuid primary key,
    workspace_id    uuid not null references workspaces (id),
    public_id       text not null, -- what callers know it by; the provider's own for a batch that was made elsewhere
    kind            text not null check (kind in ('submitted', 'campaign', 'adopted')),
    name            text not null,
    agent_id        text not null,
    phone_number_id text not null,
    options         json,          -- what else the caller passes on to the provider
    scheduled_at    timestamptz,
    status          text not null check (status in ('draft', 'pending', 'in_progress', 'paused', 'completed', 'failed', 'cancelled')),
    stopped_at      timestamptz,   -- nothing is sent to the provider any more
    head            json,          -- the provider's last words about it
    total           integer not null,
    excluded        integer not null default 0,
    dispatched      integer not null default 0,
    finished        integer not null default 0,
    version         bigint  not null default 1,
    created_by      uuid,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    unique (workspace_id, id),
    unique (workspace_id, public_id),
    foreign key (workspace_id, created_by) references sales_reps (workspace_id, id)
);

create index call_batches_newest on call_batches (workspace_id, created_at desc, id desc);

-- One request to the provider. Only the step from stored to sending allows it, and is taken once.
create table call_chunks (
    workspace_id uuid not null,
    batch_id     uuid not null,
    ordinal      integer not null,
    size         integer not null,
    status       text not null check (status in
        ('stored', 'sending', 'accepted', 'rejected', 'unknown', 'absent', 'cancelled', 'superseded')),
    provider_id  text,
    state        text, -- of the provider's batch
    sent_at      timestamptz,
    error_status integer not null default 0,
    error        text    not null default '',
    sweeps       integer not null default 0,
    dispatched   integer not null default 0,
    finished     integer not null default 0,
    next_look    timestamptz, -- null: it does not change by itself any more
    looks        integer not null default 0,
    primary key (batch_id, ordinal),
    foreign key (workspace_id, batch_id) references call_batches (workspace_id, id) on delete cascade
);

create unique index call_chunks_provider on call_chunks (workspace_id, provider_id) where provider_id is not null;
create index call_chunks_due on call_chunks (workspace_id, next_look) where next_look is not null;

-- The people. There is no foreign key to the batch: checking it for each of ten thousand rows takes longer than storing
-- them, and both are written, and deleted, in one transaction.
create table call_recipients (
    workspace_id uuid not null,
    batch_id     uuid not null,
    position     integer not null,
    chunk        integer not null, -- -1: in none
    phone        text not null,
    ref          text, -- the caller's own ID
    body         text not null, -- what the provider is sent, JSON
    status       text not null,
    conversation text, -- the provider's ID of the call
    attempts     integer not null default 0,
    updated_at   timestamptz not null,
    primary key (batch_id, position)
);

create index call_recipients_conversation on call_recipients (workspace_id, conversation) where conversation is not null;

-- What became of a call, as the provider's event of it tells.
create table call_outcomes (
    workspace_id uuid not null,
    conversation text not null,
    batch_id     uuid not null,
    position     integer not null,
    status       text not null,
    reason       text not null default '', -- why it ended, in the provider's words
    successful   text not null default '', -- what the agent's own evaluation says: success, failure, unknown
    summary      text not null default '',
    seconds      integer not null default 0 check (seconds >= 0),
    transcript   json, -- turns: role, text, second
    collected    json, -- what the agent has found out, by name
    ended_at     timestamptz not null,
    primary key (workspace_id, conversation)
);

create index call_outcomes_of_batch on call_outcomes (workspace_id, batch_id, position);

-- What a key, or a body, has led to.
create table call_fingerprints (
    workspace_id uuid not null,
    fingerprint  text not null,
    body_hash    text not null,
    batch_id     uuid not null,
    expires_at   timestamptz not null,
    primary key (workspace_id, fingerprint)
);

create index call_fingerprints_expired on call_fingerprints (expires_at);

-- People who must not be called, whoever asks for it.
create table do_not_call (
    workspace_id uuid not null references workspaces (id),
    phone        text not null,
    reason       text not null default '',
    added_by     uuid,
    added_at     timestamptz not null,
    primary key (workspace_id, phone),
    foreign key (workspace_id, added_by) references sales_reps (workspace_id, id)
);

select tertulia_tenant_table('call_batches');
select tertulia_tenant_table('call_chunks');
select tertulia_tenant_table('call_recipients');
select tertulia_tenant_table('call_outcomes');
select tertulia_tenant_table('call_fingerprints');
select tertulia_tenant_table('do_not_call');
