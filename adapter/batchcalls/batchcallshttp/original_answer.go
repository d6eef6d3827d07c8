package batchcallshttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/tidwall/gjson"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

const contentJSON = "application/json; charset=utf-8"

// notFound is the answer to what is no route, and to what is no ID.
const notFound = "Ruta no encontrada"

// failed is the original's envelope of a failure.
type failed struct {
	Success bool      `json:"success"`
	Error   string    `json:"error"`
	Data    *followed `json:"data,omitempty"` // of a submission that failed at the provider
}

// followed names a batch that can be asked about.
type followed struct {
	ID string `json:"id"`
}

// invalid is the original's envelope of a body with wrong fields.
type invalid struct {
	Success bool      `json:"success"`
	Errors  []problem `json:"errors"`
	Omitted int       `json:"errorsOmitted,omitempty"` // wrong fields beside those listed
}

func fail(c echo.Context, status int, text string) error {
	return answer(c, status, failed{Error: text})
}

// answer writes v as the original wrote JSON.
func answer(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.Blob(status, contentJSON, body)
}

// Openings of the original's sentences about a failure at the provider.
const (
	submitFailed = "Error al disparar batch de llamadas"
	getFailed    = "Error al obtener información del batch"
	cancelFailed = "Error al cancelar batch de llamadas"
)

// sentence is the original's about a failure at the provider: what was tried, what the provider said (what was tried again
// when it said nothing), and its status.
func sentence(tried string, r *batchcallsuc.Refusal) string {
	said, status := r.Message, "unknown"
	if said == "" {
		said = tried
	}
	if r.Status != 0 {
		status = strconv.Itoa(r.Status)
	}
	return tried + ": " + said + " (Status: " + status + ")"
}

// refusalOf finds the provider's refusal in an error.
func refusalOf(err error) (*batchcallsuc.Refusal, bool) {
	return errors.AsType[*batchcallsuc.Refusal](err)
}

// statusOf is what the original answered to a refusal: always 500, save that cancelling tells 400 and 404 apart.
func statusOf(tried string, r *batchcallsuc.Refusal) int {
	if tried == cancelFailed && (r.Status == http.StatusBadRequest || r.Status == http.StatusNotFound) {
		return r.Status
	}
	return http.StatusInternalServerError
}

// headKeys are the keys of a batch in the order in which the provider writes them. All are always there.
var headKeys = [...]string{
	"id", "phone_number_id", "phone_provider", "whatsapp_params", "name", "agent_id", "branch_id", "environment",
	"created_at_unix", "scheduled_time_unix", "timezone", "total_calls_dispatched", "total_calls_scheduled",
	"total_calls_finished", "last_updated_at_unix", "status", "retry_count", "telephony_call_config",
	"target_concurrency_limit", "agent_name", "branch_name",
}

// head is a batch as the provider writes it, without the closing brace: what the provider said of it, corrected by what is
// known here.
func head(b batchcalls.Batch) []byte {
	said := object{members: make([]member, 0, len(headKeys)+2)}
	said.read(gjson.Parse(textOf(b.Head)))
	known := ours(b, &said)
	w := writer{buf: make([]byte, 0, len(b.Head)+block/16)} // enough: it would take a block
	w.begin()
	for _, key := range headKeys {
		value := "null"
		if v := said.get(key); v.Exists() {
			value = v.Raw
		}
		if v, ok := known[key]; ok {
			value = v
		}
		w.member(`"`+key+`"`, value)
	}
	for _, m := range said.members {
		if _, done := known[m.key]; !done && !isHeadKey(m.key) && m.key != "recipients" {
			w.member(m.rawKey, m.value.Raw)
		}
	}
	return w.buf
}

func isHeadKey(key string) bool {
	for _, k := range headKeys {
		if k == key {
			return true
		}
	}
	return false
}

// ours is what is known here of a batch, as JSON.
func ours(b batchcalls.Batch, said *object) map[string]string {
	scheduled := unix(b.ScheduledAt)
	if b.ScheduledAt.IsZero() {
		scheduled = unix(b.CreatedAt)
		if v := said.get("scheduled_time_unix"); v.Type == gjson.Number {
			scheduled = v.Raw
		}
	}
	return map[string]string{
		"id": text(b.PublicID), "name": text(b.Name), "agent_id": text(b.Agent), "phone_number_id": text(b.PhoneNumber),
		"status": text(string(shown(b.Status))), "created_at_unix": unix(b.CreatedAt), "last_updated_at_unix": unix(b.UpdatedAt),
		"scheduled_time_unix":    scheduled,
		"total_calls_scheduled":  strconv.Itoa(b.Total - b.Excluded),
		"total_calls_dispatched": strconv.Itoa(b.Dispatched),
		"total_calls_finished":   strconv.Itoa(b.Finished),
	}
}

// shown is a batch's status as clients of the original know it.
func shown(s batchcalls.Status) batchcalls.Status {
	if s == batchcalls.Draft || s == batchcalls.Paused {
		return batchcalls.Pending
	}
	return s
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

func text(s string) string { return string(gjson.AppendJSONString(nil, s)) }
