package batchcallsuc

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// lingerLimit is for how long after its end a provider's batch is still asked about when calls of it seem to be open: those
// that ran when it was cancelled go on.
const lingerLimit = time.Hour

// heard compares what the provider says about a chunk with what is known, and returns the entry that brings it up to date.
func (k *books) heard(ctx context.Context, ref BatchRef, c batchcalls.Chunk, answer ProviderBatch) (entry, error) {
	known, err := k.states(ctx, ref, c.Ordinal)
	if err != nil {
		return entry{}, err
	}
	news, open := known.compare(answer.Recipients)
	changed := len(news) > 0 || c.State != answer.Status || c.Dispatched != answer.Dispatched || c.Finished != answer.Finished
	e := entry{chunk: c, from: c.Status, head: answer.Head, news: news}
	if len(known.calls) == 0 && len(answer.Recipients) > 0 { // made elsewhere, and known by its cancellation only
		e.after = func(ctx context.Context, b *batchcalls.Batch) error {
			b.Total = len(answer.Recipients)
			return k.people.Add(ctx, ref.Workspace, peopleOf(ref.ID, answer.Recipients, k.now()))
		}
	}
	e.chunk.State, e.chunk.Dispatched, e.chunk.Finished = answer.Status, answer.Dispatched, answer.Finished
	if e.chunk.Looks++; changed {
		e.chunk.Looks = 0
	}
	e.chunk = k.settings.follow(e.chunk, answer, k.now())
	if answer.Status.IsFinal() && (open == 0 || k.now().Sub(c.SentAt) > lingerLimit && !changed) {
		e.chunk.NextLook = time.Time{}
	}
	return e, nil
}

// known is what is stored about the calls of a chunk.
type known struct {
	byRef, byPhone map[string]int
	calls          []batchcalls.Recipient
}

func (k *books) states(ctx context.Context, ref BatchRef, chunk int) (known, error) {
	all := known{byRef: map[string]int{}, byPhone: map[string]int{}}
	err := k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		return k.calls.States(ctx, ref, chunk, func(r batchcalls.Recipient) error {
			if r.Status != batchcalls.CallExcluded {
				all.byRef[r.PublicRef()], all.byPhone[string(r.Phone)] = len(all.calls), len(all.calls)
				all.calls = append(all.calls, r)
			}
			return nil
		})
	})
	return all, err
}

// find tells which of the known calls the provider means. Numbers are unique within a batch; IDs that callers made may not be.
func (n known) find(p ProviderRecipient) (int, bool) {
	if i, ok := n.byPhone[p.Phone]; ok {
		return i, true
	}
	i, ok := n.byRef[p.Ref]
	return i, ok
}

// compare returns what is new, and how many calls are still open.
func (n known) compare(answer []ProviderRecipient) (news []News, open int) {
	for _, p := range answer {
		i, ok := n.find(p)
		if !ok {
			continue
		}
		r, status := n.calls[i], n.calls[i].Status
		if p.Status.Supersedes(status) {
			status = p.Status
		}
		if status != r.Status || p.Conversation != "" && p.Conversation != r.Conversation {
			news = append(news, News{Position: r.Position, Chunk: r.Chunk, Status: status, Conversation: p.Conversation})
		}
		if !status.IsFinal() {
			open++
		}
	}
	return news, open
}

// isIt reports whether a provider's batch can only be the chunk: it has exactly the chunk's people, by the IDs that we gave
// them.
func (n known) isIt(answer ProviderBatch) bool {
	if len(answer.Recipients) != len(n.calls) {
		return false
	}
	for _, p := range answer.Recipients {
		if _, ok := n.byRef[p.Ref]; !ok {
			return false
		}
	}
	return true
}

// bodyOf is what a recipient that was submitted elsewhere could be submitted with.
func bodyOf(p ProviderRecipient) json.RawMessage {
	body, _ := json.Marshal(struct { // texts and checked JSON always encode
		ID    string          `json:"id,omitempty"`
		Phone string          `json:"phone_number"`
		Data  json.RawMessage `json:"conversation_initiation_client_data,omitempty"`
	}{p.Ref, p.Phone, p.Data})
	return body
}
