// Package elevenlabs lets ElevenLabs dial, and reads its events.
package elevenlabs

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/elevenlabs"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// listPage is how many batches a page of the account's list has: the vendor's default.
const listPage = 100

// Provider implements batchcallsuc.Provider.
type Provider struct{ client *elevenlabs.Client }

// NewProvider makes a provider.
func NewProvider(client *elevenlabs.Client) *Provider { return &Provider{client} }

// Submit implements batchcallsuc.Provider. The recipients are sent as they are.
func (p *Provider) Submit(ctx context.Context, s batchcallsuc.Submission) (batchcallsuc.ProviderBatch, error) {
	out := elevenlabs.Submission{
		CallName: s.Name, AgentID: s.Agent, PhoneNumberID: s.PhoneNumber, Recipients: make([]elevenlabs.Recipient, len(s.Recipients)),
	}
	if !s.ScheduledAt.IsZero() {
		at := s.ScheduledAt.Unix()
		out.ScheduledUnix = &at
	}
	if s.Options != nil && json.Unmarshal(s.Options, &out.Extra) != nil {
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Cause: errors.New("what is to be passed on is no object")}
	}
	for i, body := range s.Recipients {
		out.Recipients[i].Raw = body
	}
	return readBatch(p.client.Submit(ctx, out))
}

// Get implements batchcallsuc.Provider.
func (p *Provider) Get(ctx context.Context, id string) (batchcallsuc.ProviderBatch, error) {
	answer, err := p.client.Get(ctx, id)
	b, err := readBatch(answer.BatchCall, err)
	if err != nil {
		return batchcallsuc.ProviderBatch{}, err
	}
	b.Head = answer.Head()
	b.Recipients = make([]batchcallsuc.ProviderRecipient, len(answer.Recipients))
	for i, r := range answer.Recipients {
		b.Recipients[i] = batchcallsuc.ProviderRecipient{
			Ref: r.ID, Phone: r.PhoneNumber, Status: callStatus(r.Status), Conversation: r.ConversationID, Data: r.ClientData,
		}
	}
	return b, nil
}

// Cancel implements batchcallsuc.Provider.
func (p *Provider) Cancel(ctx context.Context, id string) (batchcallsuc.ProviderBatch, error) {
	return readBatch(p.client.Cancel(ctx, id))
}

// List implements batchcallsuc.Provider.
func (p *Provider) List(ctx context.Context, cursor string) ([]batchcallsuc.ProviderBatch, string, error) {
	answer, next, err := p.client.List(ctx, cursor, listPage)
	if err != nil {
		return nil, "", refusal(err)
	}
	page := make([]batchcallsuc.ProviderBatch, len(answer))
	for i, b := range answer {
		page[i] = toBatch(b)
	}
	return page, next, nil
}

// unexpected is the message of an answer that went well as far as its status tells, and names no batch.
const unexpected = "respuesta inesperada del proveedor"

// readBatch makes a batch of the vendor's answer, and a refusal of what is none. Nobody knows what an answer means that went
// well and names no batch.
func readBatch(b elevenlabs.BatchCall, err error) (batchcallsuc.ProviderBatch, error) {
	switch {
	case err != nil:
		return batchcallsuc.ProviderBatch{}, refusal(err)
	case b.ID == "":
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{
			Status: b.HTTPStatus, Message: unexpected, Doubtful: true, Cause: errors.New("the answer names no batch"),
		}
	}
	return toBatch(b), nil
}

func toBatch(b elevenlabs.BatchCall) batchcallsuc.ProviderBatch {
	return batchcallsuc.ProviderBatch{
		ID: b.ID, Name: b.Name, Agent: b.AgentID, PhoneNumber: b.PhoneNumberID, Status: status(b.Status),
		CreatedAt: unix(b.CreatedUnix), ScheduledAt: unix(b.ScheduledUnix), Scheduled: b.Scheduled, Dispatched: b.Dispatched,
		Finished: b.Finished, Head: b.Raw,
	}
}

func unix(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// status reads a batch's status; one that came after this was written is taken for being at work.
func status(s string) batchcalls.Status {
	switch s {
	case "", elevenlabs.Pending:
		return batchcalls.Pending
	case elevenlabs.Completed:
		return batchcalls.Completed
	case elevenlabs.Failed:
		return batchcalls.Failed
	case elevenlabs.Cancelled:
		return batchcalls.Cancelled
	default:
		return batchcalls.InProgress
	}
}

func callStatus(s string) batchcalls.CallStatus {
	switch s {
	case "", elevenlabs.Pending:
		return batchcalls.CallPending
	case elevenlabs.Dispatched:
		return batchcalls.CallDispatched
	case elevenlabs.Initiated:
		return batchcalls.CallInitiated
	case elevenlabs.Completed:
		return batchcalls.CallCompleted
	case elevenlabs.Failed:
		return batchcalls.CallFailed
	case elevenlabs.Cancelled:
		return batchcalls.CallCancelled
	case elevenlabs.Voicemail:
		return batchcalls.CallVoicemail
	default:
		return batchcalls.CallInProgress
	}
}

// refusal says what a failed call comes down to. What was refused, or never left, dialled nobody.
func refusal(err error) error {
	r := &batchcallsuc.Refusal{Doubtful: outbound.OutcomeOf(err) == outbound.Unknown, Cause: err}
	if e, ok := errors.AsType[*outbound.Error](err); ok {
		r.Status, r.Message, r.RetryIn = e.Status, e.Message, e.RetryAfter
	}
	if r.Status/100 == 2 { // it could not be read
		r.Message = unexpected
	}
	return r
}
