-- A scorecard is what the reports need of one completed sales meeting: whose it is, when it was, how it was scored and what
-- was measured in it, narrow enough to go over a hundred thousand of them in one question. It is derived from the meeting
-- and its analysis; the triggers keep it in the transaction that changes either, whichever binary that is.

-- +goose Up

create table scorecards (
    meeting_id         uuid primary key references meetings (id) on delete cascade,
    workspace_id       uuid not null references workspaces (id),
    sales_rep_id       uuid not null references sales_reps (id),
    occurs_at          timestamptz not null,

    score              smallint,                   -- 0 to 100
    close_probability  smallint,                   -- 0 to 100
    dimensions         jsonb not null,             -- name of the dimension → points

    talk_ratio         double precision,           -- what was measured; null where the rep was not identified
    rep_monologue      double precision,           -- seconds
    customer_story     double precision,           -- seconds
    interactivity      double precision,           -- changes of speaker a minute
    patience           double precision,           -- seconds
    questions_per_hour double precision,
    words_per_minute   double precision            -- of the rep
);

create index scorecards_of_rep on scorecards (workspace_id, sales_rep_id, occurs_at desc, meeting_id desc)
    include (score, close_probability);

select tertulia_tenant_table('scorecards');

-- What the scorecard of a meeting is to be, or nothing when it is to have none. Reads as its caller.
-- +goose StatementBegin
create view scorecards_due with (security_invoker = true) as
select m.id as meeting_id, m.workspace_id, m.sales_rep_id, m.occurs_at,
    a.sales_rep_score::smallint as score, a.close_probability::smallint as close_probability,
    case jsonb_typeof(a.body #> '{score_breakdown,scores}')
        when 'object' then a.body #> '{score_breakdown,scores}' else '{}' end as dimensions,
    x.talk_ratio, x.longest_rep_monologue_seconds as rep_monologue, x.longest_customer_story_seconds as customer_story,
    x.interactivity_switches_per_minute as interactivity, x.patience_seconds as patience,
    x.rep_questions_per_hour as questions_per_hour, x.rep_words_per_minute as words_per_minute
from meetings m
join analyses a on a.meeting_id = m.id
left join lateral jsonb_to_record(nullif(a.body -> 'metrics', 'null')) as x (
    talk_ratio double precision, longest_rep_monologue_seconds double precision,
    longest_customer_story_seconds double precision, interactivity_switches_per_minute double precision,
    patience_seconds double precision, rep_questions_per_hour double precision, rep_words_per_minute double precision) on true
where m.status = 'COMPLETED' and m.meeting_type = 'ventas' and m.sales_rep_id is not null;
-- +goose StatementEnd
grant select on scorecards_due to tertulia_app, tertulia_system;

-- +goose StatementBegin
create function tertulia_keep_scorecard() returns trigger language plpgsql as $$
declare
    meeting uuid;
begin
    if tg_table_name = 'meetings' then
        meeting := new.id;
    else
        meeting := new.meeting_id;
    end if;
    insert into scorecards select * from scorecards_due where meeting_id = meeting
    on conflict (meeting_id) do update set (
        sales_rep_id, occurs_at, score, close_probability, dimensions,
        talk_ratio, rep_monologue, customer_story, interactivity, patience, questions_per_hour, words_per_minute
    ) = (
        excluded.sales_rep_id, excluded.occurs_at, excluded.score, excluded.close_probability, excluded.dimensions,
        excluded.talk_ratio, excluded.rep_monologue, excluded.customer_story, excluded.interactivity, excluded.patience,
        excluded.questions_per_hour, excluded.words_per_minute
    );
    if not found then
        delete from scorecards where meeting_id = meeting;
    end if;
    return null;
end
$$;
-- +goose StatementEnd

create trigger keep_scorecard after insert or update on analyses
    for each row execute function tertulia_keep_scorecard();

create trigger keep_scorecard after update on meetings
    for each row when (
        'COMPLETED' in (old.status, new.status)
        and (old.status, old.meeting_type, old.sales_rep_id, old.occurs_at)
            is distinct from (new.status, new.meeting_type, new.sales_rep_id, new.occurs_at))
    execute function tertulia_keep_scorecard();
