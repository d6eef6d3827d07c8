package elevenlabs

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"net/http"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// A conversation's states.
const (
	conversationInitiated  = "initiated"
	conversationInProgress = "in-progress"
	conversationProcessing = "processing"
	conversationDone       = "done"
	conversationFailed     = "failed"
)

// Who speaks.
const (
	roleAgent = "agent"
	roleUser  = "user"
)

// Turn is what one side says.
type Turn struct {
	Role    string `json:"role"` // "agent" or "user"
	Message string `json:"message"`
}

// conversation is one call. It changes no more once it has been announced.
type conversation struct {
	d         *Double
	id        string
	recipient *recipient
	fate      fate
	status    string
	began     time.Time // when the number was dialled
	answered  time.Time
	ended     time.Time
	talk      time.Duration // in the call's own time; 0 when nobody talked
	objection string        // why the agent could not talk
}

func (d *Double) newConversation(r *recipient, fate fate, at time.Time) *conversation {
	c := &conversation{d: d, id: d.newID("conv", at), recipient: r, fate: fate, status: conversationInitiated, began: at}
	d.conversations[c.id] = c
	return c
}

// duration is how many seconds were talked.
func (c *conversation) duration() int {
	if c.ended.IsZero() {
		return 0
	}
	return int(c.talk.Seconds())
}

// start is when the talk is told to have begun. At full speed a call of 20 seconds has just ended.
func (c *conversation) start() time.Time {
	switch {
	case !c.ended.IsZero():
		return c.ended.Add(-c.talk)
	case !c.answered.IsZero():
		return c.answered
	}
	return c.began
}

func (d *Double) getConversation(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	c, found := d.conversations[r.PathValue("id")]
	if !found {
		d.mu.Unlock()
		d.refuse(w, unknownDocument("conversation", r.PathValue("id")))
		return
	}
	out := c.wire()
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, out)
}

// wire is the conversation as GetConversationResponseModel has it.
func (c *conversation) wire() map[string]any {
	b, data := c.recipient.batch, c.recipient.data
	if data == nil {
		data = json.RawMessage("{}")
	}
	over := c.status == conversationDone
	return map[string]any{
		"agent_id": b.asked.agentID, "agent_name": b.agent.Name, "conversation_id": c.id, "status": c.status,
		"user_id": nil, "branch_id": b.asked.branchID, "version_id": nil, "environment": "production",
		"metadata": c.metadata(), "analysis": c.analysis(), "transcript": c.transcript(),
		"conversation_initiation_client_data": data,
		"has_audio":                           over, "has_user_audio": over, "has_response_audio": over, "has_auxiliary_audio": false,
		"tag_ids": []string{},
	}
}

func (c *conversation) metadata() map[string]any {
	b := c.recipient.batch
	m := map[string]any{
		"start_time_unix_secs": c.start().Unix(), "accepted_time_unix_secs": nil, "call_duration_secs": c.duration(),
		"cost": c.cost(creditsAMinute), "cost_fiat": c.cost(dollarsAMinute), "termination_reason": c.termination(), "error": c.error(), "phone_call": c.phoneCall(),
		"batch_call": map[string]any{"batch_call_id": b.id, "batch_call_recipient_id": c.recipient.id},
		"warnings":   []string{}, "main_language": b.agent.Language, "text_only": false,
		"conversation_initiation_source": c.provider(), "timezone": b.asked.timezone,
	}
	if !c.answered.IsZero() {
		m["accepted_time_unix_secs"] = c.start().Unix()
	}
	return m
}

// provider is what the number is called through.
func (c *conversation) provider() string {
	if n := c.recipient.batch.number; n != nil {
		return n.Provider
	}
	return twilio
}

// What a minute costs [?].
const (
	creditsAMinute = 600
	dollarsAMinute = 0.08
)

// cost is null until the call is over.
func (c *conversation) cost(aMinute float64) any {
	if c.ended.IsZero() {
		return nil
	}
	return math.Round(c.talk.Minutes()*aMinute*10_000) / 10_000
}

func (c *conversation) termination() string { // the words are [?]
	switch {
	case c.ended.IsZero():
		return ""
	case c.fate == voicemails:
		return "voicemail_detection tool was called."
	case c.fate != completes:
		return string(c.fate)
	}
	return "end_call tool was called."
}

// error is why there was no talk [?].
func (c *conversation) error() any {
	switch {
	case c.objection != "":
		return map[string]any{"code": 1008, "reason": c.objection}
	case c.status == conversationFailed:
		return map[string]any{"code": c.sip().status, "reason": c.sip().words}
	}
	return nil
}

// phoneCall describes the call by its provider.
func (c *conversation) phoneCall() map[string]any {
	call := map[string]any{
		"direction": "outbound", "phone_number_id": text(c.recipient.batch.asked.numberID), "agent_number": c.from(),
		"external_number": text(c.recipient.phone), "type": twilio, "call_sid": c.sid("CA"),
	}
	switch c.provider() {
	case sipTrunk:
		call["type"], call["call_id"] = "sip_trunking", c.sid("SC")
	case exotel:
		call["type"], call["stream_sid"] = exotel, c.sid("MZ")
	default:
		call["stream_sid"] = c.sid("MZ")
	}
	return call
}

func (c *conversation) from() string {
	if n := c.recipient.batch.number; n != nil {
		return n.Number
	}
	return ""
}

// sid is an identifier of the call at its provider.
func (c *conversation) sid(prefix string) string {
	digits := hex.EncodeToString([]byte(c.id))
	return prefix + digits[len(digits)-32:]
}

// analysis is what the vendor makes of a call that is over.
func (c *conversation) analysis() any {
	if c.status != conversationDone {
		return nil
	}
	outcome, summary := "success", "The agent introduced itself and the customer confirmed."
	if c.fate == voicemails {
		outcome, summary = "unknown", "The call was answered by a voicemail."
	}
	return map[string]any{
		"call_successful": outcome, "transcript_summary": summary,
		"evaluation_criteria_results": map[string]any{}, "data_collection_results": map[string]any{},
	}
}

// transcript is what was said so far: nothing before the call is over.
func (c *conversation) transcript() []map[string]any {
	said := []map[string]any{}
	if c.status != conversationDone {
		return said
	}
	turns := c.recipient.batch.script.Transcript
	switch {
	case c.fate == voicemails:
		turns = []Turn{{roleUser, "Deje su mensaje después de la señal."}}
	case turns == nil:
		turns = []Turn{{roleAgent, c.recipient.batch.agent.FirstMessage}, {roleUser, "Sí, dígame."}, {roleAgent, "¿Confirma su cita?"}, {roleUser, "Confirmo. Gracias."}}
	}
	for i, turn := range turns {
		said = append(said, map[string]any{
			"role": turn.Role, "message": turn.Message, "time_in_call_secs": i * c.duration() / len(turns),
			"tool_calls": []any{}, "tool_results": []any{}, "interrupted": false,
		})
	}
	return said
}
