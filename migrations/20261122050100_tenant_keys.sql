-- +goose NO TRANSACTION
-- +goose Up

-- A reference that names the tenant as well as the row cannot lead into another tenant's house, whatever wrote it: not a
-- use case with a mixed-up ID, nor a person at a console, whom no policy holds back.

-- Without a transaction, for the indexes' sake; so each step may run again.
set lock_timeout = '2s';

create unique index concurrently if not exists sales_reps_in_workspace on sales_reps (workspace_id, id);
create unique index concurrently if not exists meetings_in_workspace on meetings (workspace_id, id);

alter table meetings
    drop constraint if exists meetings_sales_rep, add constraint meetings_sales_rep foreign key (workspace_id, sales_rep_id) references sales_reps (workspace_id, id) not valid,
    drop constraint if exists meetings_creator, add constraint meetings_creator foreign key (workspace_id, created_by_rep_id) references sales_reps (workspace_id, id) not valid;
alter table transcripts
    drop constraint if exists transcripts_meeting, add constraint transcripts_meeting foreign key (workspace_id, meeting_id) references meetings (workspace_id, id) on delete cascade not valid;
alter table analyses
    drop constraint if exists analyses_meeting, add constraint analyses_meeting foreign key (workspace_id, meeting_id) references meetings (workspace_id, id) on delete cascade not valid;
alter table scorecards
    drop constraint if exists scorecards_meeting, add constraint scorecards_meeting foreign key (workspace_id, meeting_id) references meetings (workspace_id, id) on delete cascade not valid,
    drop constraint if exists scorecards_sales_rep, add constraint scorecards_sales_rep foreign key (workspace_id, sales_rep_id) references sales_reps (workspace_id, id) not valid;
alter table notifications
    drop constraint if exists notifications_rep, add constraint notifications_rep foreign key (workspace_id, rep_id) references sales_reps (workspace_id, id) on delete cascade not valid,
    drop constraint if exists notifications_meeting, add constraint notifications_meeting foreign key (workspace_id, meeting_id) references meetings (workspace_id, id) on delete cascade not valid;
alter table admin_links
    drop constraint if exists admin_links_rep, add constraint admin_links_rep foreign key (workspace_id, rep_id) references sales_reps (workspace_id, id) on delete cascade not valid;
alter table admin_sessions
    drop constraint if exists admin_sessions_rep, add constraint admin_sessions_rep foreign key (workspace_id, rep_id) references sales_reps (workspace_id, id) on delete cascade not valid;
alter table agent_versions
    drop constraint if exists agent_versions_editor, add constraint agent_versions_editor foreign key (workspace_id, edited_by) references sales_reps (workspace_id, id)
        on delete set null (edited_by) not valid;

-- What is there is checked without keeping anybody from writing.
alter table meetings validate constraint meetings_sales_rep;
alter table meetings validate constraint meetings_creator;
alter table transcripts validate constraint transcripts_meeting;
alter table analyses validate constraint analyses_meeting;
alter table scorecards validate constraint scorecards_meeting;
alter table scorecards validate constraint scorecards_sales_rep;
alter table notifications validate constraint notifications_rep;
alter table notifications validate constraint notifications_meeting;
alter table admin_links validate constraint admin_links_rep;
alter table admin_sessions validate constraint admin_sessions_rep;
alter table agent_versions validate constraint agent_versions_editor;

alter table meetings drop constraint if exists meetings_sales_rep_id_fkey, drop constraint if exists meetings_created_by_rep_id_fkey;
alter table transcripts drop constraint if exists transcripts_meeting_id_fkey;
alter table analyses drop constraint if exists analyses_meeting_id_fkey;
alter table scorecards drop constraint if exists scorecards_meeting_id_fkey, drop constraint if exists scorecards_sales_rep_id_fkey;
alter table notifications drop constraint if exists notifications_rep_id_fkey, drop constraint if exists notifications_meeting_id_fkey;
alter table admin_links drop constraint if exists admin_links_rep_id_fkey;
alter table admin_sessions drop constraint if exists admin_sessions_rep_id_fkey;
alter table agent_versions drop constraint if exists agent_versions_edited_by_fkey;

reset lock_timeout;
