-- A first analysis is stored before its meeting is completed, in the same transaction: the scorecard was looked for with the
-- analysis, in vain, and again with the completion. The plan is the same for every meeting, and took longer to make than
-- to run.

-- +goose Up

-- +goose StatementBegin
create or replace function tertulia_keep_scorecard() returns trigger language plpgsql
    set plan_cache_mode = force_generic_plan as $$
declare
    meeting uuid;
begin
    if tg_table_name = 'meetings' then
        meeting := new.id;
    else
        meeting := new.meeting_id;
        if tg_op = 'INSERT' and not exists (select from meetings where id = meeting and status = 'COMPLETED') then
            return null; -- its completion makes the scorecard
        end if;
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
