// Package batchcallsuc is what can be done about batch calls: submitting a batch so that nobody is dialled twice, following
// it, stopping it, and finding out what became of a request that was never answered.
package batchcallsuc

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// For how long a submission is known again: by its key, and by its body when it has none.
const (
	keyLife  = 7 * 24 * time.Hour
	bodyLife = 10 * time.Minute
)

// SubmitInput is a batch that a caller wants dialled. The edge has checked its shape; see batchcallshttp.
type SubmitInput struct {
	Actor       kernel.Principal // without a workspace: anonymous, in the default one
	Name        string
	Agent       string
	PhoneNumber string
	ScheduledAt time.Time       // zero: now
	Options     json.RawMessage // an object of what else the provider is told; nil for nothing
	Recipients  []SubmitRecipient
	Key         string // Idempotency-Key; empty for none
	BodyHash    string // hex SHA-256 of what was asked for
	Force       bool   // dial although the same was asked for a moment ago
}

// SubmitRecipient is one person to be called.
type SubmitRecipient struct {
	Phone batchcalls.Phone
	Ref   string // the caller's own ID; empty for none
	// Body is what the provider is sent, an object. Without a Ref it has no "id" yet: the use case puts one in front.
	Body json.RawMessage
}

// Submitted is what came of it.
type Submitted struct {
	Batch      batchcalls.Batch
	Duplicates []Duplicate // recipients whose number an earlier one has: left out
	Repeated   bool        // the same was asked for before, and this is the batch that it made
	Refusal    *Refusal    // why the first request to the provider failed, nil when it did not
}

// Duplicate is a recipient that was left out.
type Duplicate struct {
	Index int // in the caller's list, from 0
	First int // index of the one with the same number
}

// SubmitBatch has people called: now, or at a time.
//
// Allowed: everybody whom the edge lets in.
// Errors: Conflict IDEMPOTENCY_KEY_REUSED. That the provider fails is part of the answer: there is a batch to follow then.
// Effects: the batch is on disk before the provider is asked, once. Later chunks are sent by a job.
type SubmitBatch struct {
	store    Submissions
	books    *books
	dispatch dispatcher
	owner    VendorOwner
	ids      port.IDs
	settings Settings
}

// Execute submits the batch and waits for the provider's answer to its first chunk.
func (uc *SubmitBatch) Execute(ctx context.Context, in SubmitInput) (Submitted, error) {
	intent, duplicates, err := uc.plan(ctx, in)
	if err != nil {
		return Submitted{}, err
	}
	begun, err := uc.store.Begin(ctx, intent)
	switch {
	case err != nil:
		return Submitted{}, fmt.Errorf("submit batch: %w", err)
	case begun.OtherBody:
		return Submitted{}, fault.New(fault.Conflict, fault.IdempotencyKeyReused)
	case begun.Earlier != nil:
		return Submitted{Batch: *begun.Earlier, Duplicates: duplicates, Repeated: true}, nil
	}
	b := intent.Batch
	b.Excluded = len(begun.Excluded)
	bodies := make([]json.RawMessage, 0, intent.Chunks[0].Size)
	for i, r := range intent.Recipients[:intent.Chunks[0].Size] {
		if !begun.Excluded[i] {
			bodies = append(bodies, r.Body)
		}
	}
	chunk, head, refusal := intent.Chunks[0], json.RawMessage(nil), (*Refusal)(nil)
	if len(bodies) == 0 {
		chunk.Status, chunk.NextLook = batchcalls.Dropped, time.Time{}
	} else {
		chunk, head, refusal = uc.dispatch.send(ctx, b, chunk, bodies)
	}
	b, err = uc.conclude(context.WithoutCancel(ctx), b, chunk, head, len(intent.Chunks) > 1)
	if err != nil {
		return Submitted{}, fmt.Errorf("submit batch: %w", err)
	}
	return Submitted{Batch: b, Duplicates: duplicates, Refusal: refusal}, nil
}

// conclude stores what came of the first chunk.
func (uc *SubmitBatch) conclude(ctx context.Context, b batchcalls.Batch, c batchcalls.Chunk, head json.RawMessage, more bool) (batchcalls.Batch, error) {
	if more {
		return uc.books.firstOfMany(ctx, refOf(b), c, head)
	}
	b.Status = batchcalls.Overall(false, []batchcalls.Chunk{c})
	b.Dispatched, b.Finished, b.Version = c.Dispatched, c.Finished, b.Version+1
	if head != nil {
		b.Head = head
	}
	stopped, err := uc.store.Conclude(ctx, Outcome{Batch: b, Chunk: c, Forget: c.Status == batchcalls.Rejected})
	if err != nil || !stopped {
		return b, err
	}
	return uc.books.cancelLate(ctx, refOf(b), c)
}

// plan makes the batch: each number once, the provider's limit a chunk, the first chunk being sent.
func (uc *SubmitBatch) plan(ctx context.Context, in SubmitInput) (Intent, []Duplicate, error) {
	ws := in.Actor.Workspace
	if ws == "" {
		owner, err := uc.owner.VendorWorkspace(ctx)
		if err != nil {
			return Intent{}, nil, fmt.Errorf("submit batch: %w", err)
		}
		ws = owner
	}
	now := uc.dispatch.now()
	b := batchcalls.Batch{
		ID: batchcalls.BatchID(uc.ids.New()), Workspace: ws, Kind: batchcalls.Submitted, Name: in.Name, Agent: in.Agent,
		PhoneNumber: in.PhoneNumber, Options: in.Options, ScheduledAt: in.ScheduledAt, Status: batchcalls.Pending,
		Version: 1, CreatedBy: in.Actor.Rep, CreatedAt: now, UpdatedAt: now,
	}
	b.PublicID = b.ID.Public()
	people, duplicates := recipientsOf(b, in.Recipients, uc.settings.ChunkSize)
	b.Total = len(people)
	intent := Intent{Batch: b, Recipients: people, BodyHash: in.BodyHash}
	for at := 0; at < len(people); at += uc.settings.ChunkSize {
		c := batchcalls.Chunk{
			Batch: b.ID, Ordinal: len(intent.Chunks), Size: min(uc.settings.ChunkSize, len(people)-at),
			Status: batchcalls.Stored, NextLook: now.Add(2 * uc.settings.Answer), // should this process end before it has them sent
		}
		if at == 0 {
			c.Status, c.SentAt, c.NextLook = batchcalls.Sending, now, now.Add(uc.settings.Answer)
		}
		intent.Chunks = append(intent.Chunks, c)
	}
	switch {
	case in.Key != "":
		intent.Fingerprint, intent.Until = "key:"+in.Actor.Rep.String()+":"+in.Key, now.Add(keyLife)
	case !in.Force:
		intent.Fingerprint, intent.Until = "body:"+in.BodyHash, now.Add(bodyLife)
	}
	return intent, duplicates, nil
}

// recipientsOf keeps the first of each number, each with the ID that the provider will know it by.
func recipientsOf(b batchcalls.Batch, given []SubmitRecipient, chunkSize int) ([]batchcalls.Recipient, []Duplicate) {
	people := make([]batchcalls.Recipient, 0, len(given))
	var duplicates []Duplicate
	first := make(map[batchcalls.Phone]int, len(given))
	room := 0
	for _, g := range given {
		if g.Ref == "" {
			room += len(g.Body) + longestRef
		}
	}
	rewritten := make([]byte, 0, room) // all of them in one piece: ten thousand small ones cost the collector more
	for i, g := range given {
		if at, again := first[g.Phone]; again {
			duplicates = append(duplicates, Duplicate{Index: i, First: at})
			continue
		}
		first[g.Phone] = i
		r := batchcalls.Recipient{
			Batch: b.ID, Position: len(people), Chunk: len(people) / chunkSize, Phone: g.Phone, Ref: g.Ref, Body: g.Body,
			Status: batchcalls.CallPending, Attempts: 1, UpdatedAt: b.CreatedAt,
		}
		if g.Ref == "" {
			begun := len(rewritten)
			rewritten = appendWithID(rewritten, g.Body, r.PublicRef())
			r.Body = rewritten[begun:len(rewritten):len(rewritten)]
		}
		people = append(people, r)
	}
	return people, duplicates
}

// longestRef is more than an ID adds to a recipient's body.
const longestRef = 64

// appendWithID appends an object with an ID in front of its members. The ID needs no escaping.
func appendWithID(out []byte, object json.RawMessage, id string) []byte {
	rest := bytes.TrimLeft(object, " \t\r\n")
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	out = append(append(append(out, `{"id":"`...), id...), '"')
	if rest[0] != '}' {
		out = append(out, ',')
	}
	return append(out, rest...)
}
