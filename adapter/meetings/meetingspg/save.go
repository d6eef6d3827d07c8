package meetingspg

import (
	"encoding/json"
	"errors"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// addSQL and saveSQL are prepared once a connection: every step of every meeting ends with one, and to parse and plan so many
// columns takes Postgres longer than to write them.
const addSQL = `
insert into meetings (workspace_id, id, version, sales_rep_id, created_by_rep_id,
	meeting_url, platform, title, meeting_type, sales_subtype, customer, language,
	status, failure, scheduled_at, scheduled_offset, started_at, ended_at,
	bot_id, bot_key, bot_state, bot_needs_password, bot_last_code,
	recording_id, transcript_id, video, audio, media_stored_at, crm, updated_at, created_at)
values ($1, $2, $3 + 1, nullif($4, '')::uuid, nullif($5, '')::uuid, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
	$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)`

const saveSQL = `
update meetings set version = $3 + 1,
	sales_rep_id = nullif($4, '')::uuid, created_by_rep_id = nullif($5, '')::uuid,
	meeting_url = $6, platform = $7, title = $8, meeting_type = $9, sales_subtype = $10, customer = $11, language = $12,
	status = $13, failure = $14, scheduled_at = $15, scheduled_offset = $16, started_at = $17, ended_at = $18,
	bot_id = $19, bot_key = $20, bot_state = $21, bot_needs_password = $22, bot_last_code = $23,
	recording_id = $24, transcript_id = $25, video = $26, audio = $27, media_stored_at = $28, crm = $29, updated_at = $30
where workspace_id = $1 and id = $2`

// savedArgs are the arguments of saveSQL, and but for the last those of addSQL.
func savedArgs(r meetingRow) ([]any, error) {
	var failed error
	doc := func(v any) json.RawMessage {
		body, err := postgres.Document(v)
		failed = errors.Join(failed, err)
		return body
	}
	return []any{
		string(r.Workspace), string(r.ID), r.Version, string(r.SalesRep), string(r.CreatedBy),
		postgres.Text(r.URL), string(r.Platform), postgres.Text(r.Title), string(r.Type), string(r.Subtype), doc(r.Customer), postgres.Text(r.Language),
		string(r.Status), doc(r.Failure), r.ScheduledAt, r.ScheduledOffset, r.StartedAt, r.EndedAt,
		postgres.Text(string(r.BotID)), postgres.Text(r.BotKey), string(r.BotState), r.BotNeedsPassword, postgres.Text(r.BotLastCode),
		postgres.Text(string(r.RecordingID)), postgres.Text(string(r.TranscriptID)), doc(r.Video), doc(r.Audio), r.MediaStoredAt, doc(r.CRM), r.UpdatedAt,
	}, failed
}
