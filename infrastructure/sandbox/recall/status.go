package recall

import "time"

// Codes of recordings and artefacts.
const (
	processing = "processing"
	paused     = "paused"
	done       = "done"
	failed     = "failed"
	deleted    = "deleted"
)

// status is where a recording or an artefact stands.
type status struct {
	code, subCode string
	at            time.Time
}

func (s status) view() map[string]any {
	return map[string]any{"code": s.code, "sub_code": orNull(s.subCode), "updated_at": stamp(s.at)}
}

// change is one entry of a notetaker's history.
type change struct {
	code, subCode string
	at            time.Time
}

func (c change) view() map[string]any {
	return map[string]any{
		"code": c.code, "message": nil, "created_at": stamp(c.at), "sub_code": orNull(c.subCode),
	}
}
