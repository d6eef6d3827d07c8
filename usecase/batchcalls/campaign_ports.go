package batchcallsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Agents reads the provider's voice agents.
type Agents interface {
	// Texts returns what an agent says and may be told. NotFound VOICE_AGENT_NOT_FOUND; Upstream CALL_PROVIDER_ERROR.
	Texts(ctx context.Context, agentID string) (AgentTexts, error)
}

// AgentTexts is a voice agent as far as a campaign depends on it.
type AgentTexts struct {
	Name      string
	Texts     []string       // prompt, first message, tools: wherever a variable may stand
	Defaults  map[string]any // of variables
	Overrides []string       // what a row may replace, by the names of batchcalls.Overrides
	Bursting  bool           // calls above the limit are let through at double the price
}

// Numbers knows what a phone number tells about itself.
type Numbers interface {
	// Normalize is a batchcalls.Normalize.
	Normalize(raw, defaultRegion string) (e164 string, ok bool)
	// Zones returns all time zones in which the number may ring; none for a number of no country.
	Zones(phone batchcalls.Phone) ([]*time.Location, error)
}

// Campaigns keeps campaigns. Every method stays inside the given workspace.
type Campaigns interface {
	// Add stores a new campaign: the batch, and what is more to it.
	Add(ctx context.Context, c batchcalls.CampaignState) error
	// Get returns a campaign. NotFound CALL_BATCH_NOT_FOUND, also for a batch of another kind.
	Get(ctx context.Context, ref BatchRef) (batchcalls.CampaignState, error)
	// Lock is Get, and holds the batch until the transaction ends.
	Lock(ctx context.Context, ref BatchRef) (batchcalls.CampaignState, error)
	// Save stores what changes of a campaign, under the batch's next version.
	Save(ctx context.Context, c batchcalls.CampaignState) error
	// List returns campaigns, newest first, and the cursor of the next page, "" after the last.
	List(ctx context.Context, ws kernel.WorkspaceID, f CampaignFilter, p kernel.Page) ([]batchcalls.CampaignState, kernel.Cursor, error)
}

// CampaignFilter narrows a list. The zero value is everything.
type CampaignFilter struct {
	Status batchcalls.Status
}

// People keeps the recipients of campaigns. The caller holds the batch where it writes.
type People interface {
	// Known returns which of the numbers the campaign has.
	Known(ctx context.Context, ref BatchRef, phones []batchcalls.Phone) (map[batchcalls.Phone]bool, error)
	// Append stores people; those who must not be called as do_not_call, and returns their positions.
	Append(ctx context.Context, ref BatchRef, people []batchcalls.Person) (excluded []int, err error)
	// Due returns who is due, at most limit, in the order in which they have waited.
	Due(ctx context.Context, ref BatchRef, now time.Time, limit int) ([]Candidate, error)
	// Hold stores why people are not called: whom nothing but time keeps waiting is looked at again then, whom the
	// do-not-call list or the cap of attempts keeps is not called at all any more.
	Hold(ctx context.Context, ref BatchRef, at time.Time, held []batchcalls.Held) error
	// Dispatch puts people into a chunk, each with one more attempt.
	Dispatch(ctx context.Context, ref BatchRef, chunk int, positions []int, at time.Time) error
}

// Candidate is somebody who is due. Its zones are names.
type Candidate struct {
	batchcalls.Candidate
	ZoneNames []string
}

// Waiting changes for how long people wait.
type Waiting interface {
	// Next returns when the first of those who wait may be called, as far as is known, and when that person was due; false
	// when nobody waits.
	Next(ctx context.Context, ref BatchRef) (look, due time.Time, waits bool, err error)
	// LookAgain forgets what was known about when those who wait may be called: the rules are others now.
	LookAgain(ctx context.Context, ref BatchRef) error
	// GiveUp has nobody wait any more: they are cancelled.
	GiveUp(ctx context.Context, ref BatchRef, at time.Time) error
	// Retry has those wait whose last call ended so, who have attempts left, and who do not wait already. Of those whose end
	// is unknown only whoever was surely never dialled. What is heard of that call later changes nothing for them. It returns
	// how many.
	Retry(ctx context.Context, ref BatchRef, outcomes []batchcalls.CallStatus, maxAttempts int, at time.Time) (int, error)
	// Zones returns the distinct sets of zones of those who wait, with how many people each has.
	Zones(ctx context.Context, ref BatchRef) (map[string]int, error)
}

// Attempts keeps each call of campaigns to each person.
type Attempts interface {
	// Unsettled returns the attempts that are under way or of which something new is known.
	Unsettled(ctx context.Context, ref BatchRef) ([]batchcalls.Sighting, error)
	// Settle stores what became of attempts, and when their people may be called again.
	Settle(ctx context.Context, ref BatchRef, at time.Time, settled []Settled) error
	// Outcomes returns how the settled attempts of people ended, in order.
	Outcomes(ctx context.Context, ref BatchRef, positions []int) (map[int][]batchcalls.CallStatus, error)
	// Endings returns the calls that ended since a time.
	Endings(ctx context.Context, ref BatchRef, since time.Time) ([]batchcalls.Ending, error)
	// Touch says that something new is known about calls.
	Touch(ctx context.Context, ref BatchRef, news []News) error
}

// Settled is an attempt and what follows from it.
type Settled struct {
	Attempt   batchcalls.Attempt
	Fate      batchcalls.Fate
	IsCurrent bool
	DueAt     time.Time // when the person is called again; zero for not any more
}

// Dispatches keeps until when what was asked of the provider may go on.
type Dispatches interface {
	// Add stores a dispatch.
	Add(ctx context.Context, ref BatchRef, ordinal int, until time.Time) error
	// Open returns the dispatches that were not taken back and are not over, by ordinal.
	Open(ctx context.Context, ref BatchRef) (map[int]time.Time, error)
	// Withdraw notes that a dispatch is to be taken back.
	Withdraw(ctx context.Context, ref BatchRef, ordinals []int, at time.Time) error
	// Withdrawn returns the dispatches that are to be taken back.
	Withdrawn(ctx context.Context, ref BatchRef) (map[int]bool, error)
	// Exclude marks those of a stored chunk as do_not_call who have come onto the list, and returns how many.
	Exclude(ctx context.Context, ref BatchRef, chunk int, at time.Time) (int, error)
}

// DoNotCall keeps the numbers that must not be called, whoever asks for it.
type DoNotCall interface {
	// Add stores numbers and returns how many are new.
	Add(ctx context.Context, ws kernel.WorkspaceID, entries []DoNotCallEntry) (int, error)
	// Remove takes a number off the list and reports whether it was there.
	Remove(ctx context.Context, ws kernel.WorkspaceID, phone batchcalls.Phone) (bool, error)
	// List returns the list, newest first, and the cursor of the next page, "" after the last.
	List(ctx context.Context, ws kernel.WorkspaceID, p kernel.Page) ([]DoNotCallEntry, kernel.Cursor, error)
}

// DoNotCallEntry is a number that must not be called.
type DoNotCallEntry struct {
	Phone   batchcalls.Phone
	Reason  string
	AddedBy kernel.RepID // empty for a service
	AddedAt time.Time
}

// CampaignReads answers questions about campaigns.
type CampaignReads interface {
	// Counts returns how many people are where, by what became of their last call.
	Counts(ctx context.Context, ref BatchRef) (Counts, error)
	// People returns recipients in order of position, and the cursor of the next page, "" after the last.
	People(ctx context.Context, ref BatchRef, f PeopleFilter, p kernel.Page) ([]batchcalls.Person, kernel.Cursor, error)
	// Person returns one. NotFound CALL_RECIPIENT_NOT_FOUND.
	Person(ctx context.Context, ref BatchRef, position int) (batchcalls.Person, error)
	// Calls returns the attempts at people from one position to another, both included, by position and number.
	Calls(ctx context.Context, ref BatchRef, from, to int) ([]batchcalls.Attempt, error)
	// Outcomes returns what the provider has told about the calls to people from one position to another, both included; with
	// their transcripts or without.
	Outcomes(ctx context.Context, ref BatchRef, from, to int, transcripts bool) ([]batchcalls.Outcome, error)
}

// Counts are the people of a campaign by where they are.
type Counts struct {
	Waiting  int                           // for their first call or for another
	ByStatus map[batchcalls.CallStatus]int // of those who do not wait
}

// PeopleFilter narrows a list of people. The zero value is everybody.
type PeopleFilter struct {
	Status  batchcalls.CallStatus // of those who do not wait
	Waiting bool                  // only those who wait
}

// PeopleScan goes through all recipients of a campaign.
type PeopleScan interface {
	// Each calls fn for the recipients in order of position, with their bodies. Their statuses are their own, not their
	// chunk's.
	Each(ctx context.Context, ref BatchRef, fn func(batchcalls.Person) error) error
}

// Admins knows who looks after a workspace's campaigns.
type Admins interface {
	// Admins returns the active administrators.
	Admins(ctx context.Context, ws kernel.WorkspaceID) ([]kernel.RepID, error)
}

// Retention erases what is personal.
type Retention interface {
	// Due returns batches of which nothing personal was erased though they are over and have not changed since a time, the
	// longest made first. Campaigns are not among them.
	Due(ctx context.Context, ws kernel.WorkspaceID, before time.Time, limit int) ([]batchcalls.BatchID, error)
	// Erase erases phones, bodies, transcripts and whatever else tells who was called and what was said, of at most limit
	// people, and returns of how many. How calls ended stays.
	Erase(ctx context.Context, ref BatchRef, limit int) (int, error)
	// Done notes that nothing personal of a batch is left, under its next version. The caller holds the batch.
	Done(ctx context.Context, ref BatchRef, at time.Time) error
}
