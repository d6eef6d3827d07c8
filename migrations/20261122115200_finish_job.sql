-- The end of a job in the transaction of its effect: raised like the fence, so that it can be sent along with COMMIT.

-- +goose Up

-- +goose StatementBegin
create function tertulia_finish_job(job uuid, claim integer, at timestamptz) returns void
    language plpgsql as
$$
begin
    update jobs set state = 'done', finished_at = coalesce(at, now()), worker = null, lease_until = null
    where id = job and generation = claim and state = 'running';
    if not found then
        raise exception 'job is no longer held by this worker' using errcode = 'TT001';
    end if;
end
$$;
-- +goose StatementEnd
