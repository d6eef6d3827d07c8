package elevenlabs

import (
	"encoding/json"
	"strconv"
)

// batchOut is a batch on the wire, with every key of BatchCallResponse.
type batchOut struct {
	ID             string          `json:"id"`
	PhoneNumberID  *string         `json:"phone_number_id"`
	PhoneProvider  *string         `json:"phone_provider"`
	WhatsAppParams json.RawMessage `json:"whatsapp_params"`
	Name           string          `json:"name"`
	AgentID        string          `json:"agent_id"`
	BranchID       *string         `json:"branch_id"`
	Environment    *string         `json:"environment"`
	CreatedAt      int64           `json:"created_at_unix"`
	ScheduledAt    int64           `json:"scheduled_time_unix"`
	Timezone       *string         `json:"timezone"`
	Dispatched     int             `json:"total_calls_dispatched"`
	Scheduled      int             `json:"total_calls_scheduled"`
	Finished       int             `json:"total_calls_finished"`
	UpdatedAt      int64           `json:"last_updated_at_unix"`
	Status         string          `json:"status"`
	RetryCount     int             `json:"retry_count"`
	Telephony      telephony       `json:"telephony_call_config"`
	TargetLimit    *int            `json:"target_concurrency_limit"`
	AgentName      string          `json:"agent_name"`
	BranchName     *string         `json:"branch_name"`
}

func (b *batch) wire() batchOut {
	out := batchOut{
		ID: b.id, PhoneNumberID: b.asked.numberID, WhatsAppParams: b.asked.whatsapp, Name: b.asked.name, AgentID: b.asked.agentID,
		BranchID: b.asked.branchID, Environment: b.asked.environment, CreatedAt: b.createdAt.Unix(), ScheduledAt: b.createdAt.Unix(),
		Timezone: b.asked.timezone, Dispatched: b.dispatched(), Scheduled: len(b.recipients), Finished: b.finished(),
		UpdatedAt: b.updatedAt.Unix(), Status: b.state, RetryCount: b.retries, Telephony: b.asked.telephony,
		TargetLimit: b.asked.target, AgentName: b.agent.Name,
	}
	if b.asked.scheduled != nil {
		out.ScheduledAt = *b.asked.scheduled
	}
	if b.number != nil {
		out.PhoneProvider = &b.number.Provider
	}
	return out
}

// encode is the batch with its recipients as JSON. The bytes are shared and must not be changed.
func (d *Double) encode(b *batch) []byte {
	if b.encoded.body != nil && b.encoded.version == b.version {
		return b.encoded.body
	}
	head, err := json.Marshal(b.wire())
	if err != nil {
		panic("encoding a batch: " + err.Error()) // its raw parts were valid when they came
	}
	buf := make([]byte, 0, max(len(head)+256*len(b.recipients), len(b.encoded.body)+1024))
	buf = append(buf, head[:len(head)-1]...)
	buf = append(buf, `,"recipients":[`...)
	created := b.createdAt.Unix()
	for i := range b.recipients {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = b.recipients[i].appendJSON(buf, created)
	}
	b.encoded = detail{version: b.version, body: append(buf, "]}"...)}
	return b.encoded.body
}

// appendJSON writes a recipient by hand: a read of ten thousand costs milliseconds so.
func (r *recipient) appendJSON(buf []byte, created int64) []byte {
	buf = appendText(append(buf, `{"id":`...), &r.id)
	buf = appendText(append(buf, `,"phone_number":`...), r.phone)
	buf = appendText(append(buf, `,"whatsapp_user_id":`...), r.whatsapp)
	buf = append(append(append(buf, `,"status":"`...), r.status.String()...), `","created_at_unix":`...)
	buf = append(strconv.AppendInt(buf, created, 10), `,"updated_at_unix":`...)
	buf = append(strconv.AppendInt(buf, r.updated, 10), `,"conversation_id":`...)
	if r.shown == nil {
		buf = append(buf, "null"...)
	} else {
		buf = appendText(buf, &r.shown.id)
	}
	buf = append(buf, `,"conversation_initiation_client_data":`...)
	if r.data == nil {
		return append(buf, "null}"...)
	}
	return append(append(buf, r.data...), '}')
}

// appendText writes a string or null.
func appendText(buf []byte, s *string) []byte {
	if s == nil {
		return append(buf, "null"...)
	}
	for i := range len(*s) {
		if c := (*s)[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(*s) // a string always encodes
			return append(buf, quoted...)
		}
	}
	return append(append(append(buf, '"'), *s...), '"')
}
