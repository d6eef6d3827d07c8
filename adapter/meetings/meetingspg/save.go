package meetingspg

import (
	"encoding/json"
	"errors"
	"strings"
)

// saveSQL is prepared once a connection: every step of every meeting ends with it, and to parse and plan so many columns
// takes Postgres longer than to write them.
const saveSQL = `
update meetings set version = $3 + 1,
	sales_rep_id = nullif($4, '')::uuid, created_by_rep_id = nullif($5, '')::uuid,
	meeting_url = $6, platform = $7, title = $8, meeting_type = $9, sales_subtype = $10, customer = $11, language = $12,
	status = $13, failure = $14, scheduled_at = $15, scheduled_offset = $16, started_at = $17, ended_at = $18,
	bot_id = $19, bot_key = $20, bot_state = $21, bot_needs_password = $22, bot_last_code = $23,
	recording_id = $24, transcript_id = $25, video = $26, audio = $27, media_stored_at = $28, crm = $29, updated_at = $30
where workspace_id = $1 and id = $2`

// savedArgs are the arguments of saveSQL.
func savedArgs(r meetingRow) ([]any, error) {
	var failed error
	doc := func(v any) json.RawMessage {
		body, err := document(v)
		failed = errors.Join(failed, err)
		return body
	}
	return []any{
		string(r.Workspace), string(r.ID), r.Version, string(r.SalesRep), string(r.CreatedBy),
		text(r.URL), string(r.Platform), text(r.Title), string(r.Type), string(r.Subtype), doc(r.Customer), text(r.Language),
		string(r.Status), doc(r.Failure), r.ScheduledAt, r.ScheduledOffset, r.StartedAt, r.EndedAt,
		text(string(r.BotID)), text(r.BotKey), string(r.BotState), r.BotNeedsPassword, text(r.BotLastCode),
		text(string(r.RecordingID)), text(string(r.TranscriptID)), doc(r.Video), doc(r.Audio), r.MediaStoredAt, doc(r.CRM), r.UpdatedAt,
	}, failed
}

// text is what can be stored of what others said: Postgres knows no NUL.
func text(s string) string { return strings.ReplaceAll(s, "\x00", "") }
