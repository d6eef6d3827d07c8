-- Campaigns: batches of calls whose people are called as rules allow.

-- +goose Up

create table call_campaigns (
    workspace_id     uuid not null,
    batch_id         uuid primary key,
    consent_kind     text not null default '' check (consent_kind in ('', 'express_written', 'express', 'existing_customer', 'other')),
    consent_note     text not null default '',
    consent_by       text not null default '',
    consent_at       timestamptz,
    window_start     integer not null, -- minutes since midnight, where the person is
    window_end       integer not null,
    window_days      integer not null, -- a bit a weekday, Sunday the lowest
    region           text not null default '', -- of numbers without a country code
    max_concurrent   integer not null check (max_concurrent > 0),
    per_second       double precision not null default 0,
    chunk_size       integer not null check (chunk_size between 1 and 500),
    daily_calls      integer not null default 0,
    max_attempts     integer not null check (max_attempts > 0),
    retry_rules      json    not null default '[]', -- outcome, after_seconds, times
    budget_seconds   bigint  not null default 0,
    estimate_seconds integer not null check (estimate_seconds > 0),
    breaker          boolean not null default true,
    retention_days   integer not null default 0,
    start_at         timestamptz,
    pause_reason     text not null default '',
    pause_detail     text not null default '',
    resumed_at       timestamptz,
    bucket_tokens    integer not null default 0,
    bucket_at        timestamptz,
    spent_seconds    bigint not null default 0,
    waiting          text not null default '', -- why nobody else is called now
    next_look        timestamptz,
    ended_at         timestamptz,
    purged_at        timestamptz,
    foreign key (workspace_id, batch_id) references call_batches (workspace_id, id) on delete cascade
);

-- A request to the provider that was made of people who could be called at the time, and until when it may go on.
create table call_dispatches (
    workspace_id uuid not null,
    batch_id     uuid not null,
    ordinal      integer not null,
    until        timestamptz not null, -- what is not dialled by then is taken back
    withdrawn_at timestamptz,
    primary key (batch_id, ordinal),
    foreign key (workspace_id, batch_id) references call_batches (workspace_id, id) on delete cascade
);

create index call_dispatches_open on call_dispatches (batch_id) where withdrawn_at is null;

-- Each call of a campaign to a person, the earlier ones too.
create table call_attempts (
    workspace_id uuid not null,
    batch_id     uuid not null,
    position     integer not null,
    number       integer not null, -- from 1
    chunk        integer not null,
    phone        text not null,
    dialled_at   timestamptz not null,
    status       text not null,
    conversation text,
    ended_at     timestamptz,
    seconds      bigint  not null default 0, -- counted against the budget
    estimated    boolean not null default false,
    unsettled    boolean not null default true, -- under way, or something was heard that is not worked in yet
    primary key (batch_id, position, number),
    foreign key (workspace_id, batch_id) references call_batches (workspace_id, id) on delete cascade
);

create index call_attempts_unsettled on call_attempts (batch_id) where unsettled;
create index call_attempts_live on call_attempts (workspace_id, phone) where ended_at is null;
create index call_attempts_of_phone on call_attempts (workspace_id, phone, dialled_at);
create index call_attempts_ended on call_attempts (batch_id, ended_at);
create index call_attempts_conversation on call_attempts (workspace_id, conversation) where conversation is not null;

-- What is more to a recipient of a campaign. Recipients of other batches have none of it.
alter table call_recipients
    add column line    integer not null default 0, -- of the file that it came from
    add column zones   text,                       -- IANA names, with a space in between
    add column due_at  timestamptz,                -- of the next attempt
    add column look_at timestamptz;                -- it makes no sense to ask earlier whether it may be called

create unique index call_recipients_person on call_recipients (batch_id, phone) where zones is not null;
create index call_recipients_due on call_recipients (batch_id, look_at, position) where look_at is not null;

-- A batch of up to ten thousand people has one chunk, the first, and pays nothing for this.
create index call_recipients_of_chunk on call_recipients (batch_id, chunk, position) where chunk > 0;

select tertulia_tenant_table('call_campaigns');
select tertulia_tenant_table('call_dispatches');
select tertulia_tenant_table('call_attempts');
