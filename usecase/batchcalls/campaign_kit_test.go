package batchcallsuc_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// voices is the provider's agents: one, unless a test makes it another.
type voices struct {
	texts    []string
	allowed  []string
	bursting bool
	away     error
}

// Texts implements batchcallsuc.Agents.
func (v *voices) Texts(_ context.Context, id string) (batchcallsuc.AgentTexts, error) {
	if id == "agent_none" {
		return batchcallsuc.AgentTexts{}, fault.New(fault.NotFound, batchcalls.AgentNotFound)
	}
	return batchcallsuc.AgentTexts{Name: "Ana", Texts: append([]string{"Hola"}, v.texts...), Overrides: v.allowed, Bursting: v.bursting}, v.away
}

// mexican makes the number of the nth person in Mexico City, madrid in Madrid.
func mexican(n int) string { return fmt.Sprintf("+5255%08d", 10_000_000+n) }
func madrid(n int) string  { return fmt.Sprintf("+3491%07d", 1_000_000+n) }

// file makes a customer's file of the numbers.
func file(phones ...string) *strings.Reader {
	return strings.NewReader("telefono\n" + strings.Join(phones, "\n") + "\n")
}

// many makes numbers from up to, but not including, to.
func many(from, to int) []string {
	var all []string
	for n := from; n < to; n++ {
		all = append(all, mexican(n))
	}
	return all
}

// ref is how the admin names a campaign.
func (s *system) ref(c batchcalls.CampaignState) batchcallsuc.CampaignRef {
	return batchcallsuc.CampaignRef{Actor: s.admin, PublicID: c.PublicID}
}

// settings are those of tests: consent is given, and nothing bounds the speed but what a test sets.
func settings() batchcalls.Settings {
	set := batchcalls.DefaultSettings()
	set.Consent.Kind = batchcalls.Express
	set.Limits = batchcalls.Limits{MaxConcurrent: 100, ChunkSize: 100}
	return set
}

// draft makes a campaign with people.
func (s *system) draft(t *testing.T, set batchcalls.Settings, phones ...string) batchcalls.CampaignState {
	t.Helper()
	c, err := s.campaigns.Create.Execute(t.Context(), batchcallsuc.CreateCampaignInput{
		Actor: s.admin, Name: "Renovaciones", Agent: "agent_1", PhoneNumber: "phnum_1", Settings: set,
	})
	require.NoError(t, err)
	if len(phones) > 0 {
		added := s.add(t, c, phones...)
		require.Equal(t, len(phones), added.Added)
	}
	return c
}

func (s *system) add(t *testing.T, c batchcalls.CampaignState, phones ...string) batchcallsuc.AddedRecipients {
	t.Helper()
	added, err := s.campaigns.AddRecipients.Execute(t.Context(), batchcallsuc.AddRecipientsInput{CampaignRef: s.ref(c), File: file(phones...)})
	require.NoError(t, err)
	return added
}

// start makes a campaign with people and sets it going.
func (s *system) start(t *testing.T, set batchcalls.Settings, phones ...string) batchcalls.CampaignState {
	t.Helper()
	c := s.draft(t, set, phones...)
	c, err := s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.run(t)
	return c
}

// progress returns where a campaign stands.
func (s *system) progress(t *testing.T, c batchcalls.CampaignState) batchcallsuc.CampaignProgress {
	t.Helper()
	p, err := s.campaigns.Queries.Get(t.Context(), s.ref(c))
	require.NoError(t, err)
	return p
}

// avoid puts a number onto the do-not-call list.
func (s *system) avoid(t *testing.T, phone string) {
	t.Helper()
	_, err := s.campaigns.AddDoNotCall.Execute(t.Context(), batchcallsuc.AddDoNotCallInput{Actor: s.admin, Phones: []string{phone}})
	require.NoError(t, err)
}

// end lets every call end that the provider has.
func (l *line) end(how batchcalls.CallStatus) { l.move(how, "") }

// move lets the calls to a number, to all when it is empty, come to a status. A batch all of whose calls are over is too.
func (l *line) move(to batchcalls.CallStatus, phone string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, b := range l.batches {
		open := 0
		for i, r := range b.Recipients {
			if (phone == "" || r.Phone == phone) && !r.Status.IsFinal() {
				b.Recipients[i].Status = to
				b.Recipients[i].Conversation = fmt.Sprintf("conv_%s_%d", b.ID, i)
			}
			if !b.Recipients[i].Status.IsFinal() {
				open++
			}
		}
		if b.Status = batchcalls.InProgress; open == 0 {
			b.Status = batchcalls.Completed
		}
	}
}

// calls tells how often the provider was given each number.
func (l *line) calls() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[string]int{}
	for phone, n := range l.dialled {
		all[phone] = n
	}
	return all
}

// sizes are how many people each request named.
func (l *line) sizes() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []int
	for _, b := range l.batches {
		all = append(all, len(b.Recipients))
	}
	return all
}

// told has the provider tell how a call went.
func (s *system) told(t *testing.T, c batchcalls.CampaignState, position int, how batchcalls.CallStatus, seconds int) {
	t.Helper()
	s.line.mu.Lock()
	var news batchcallsuc.CallNews
	for _, b := range slices.Backward(s.line.batches) {
		for i, r := range b.Recipients {
			if r.Ref == c.ID.RecipientRef(position) && news.Ref == "" {
				news = batchcallsuc.CallNews{ProviderBatch: b.ID, Ref: r.Ref, Outcome: batchcalls.Outcome{
					Conversation: fmt.Sprintf("conv_%s_%d", b.ID, i), Status: how, Seconds: seconds, EndedAt: s.clock.Now(),
					Summary: "Ya pagó", Transcript: []batchcalls.Turn{{Role: "agent", Text: "Hola"}},
				}}
			}
		}
	}
	s.line.mu.Unlock()
	require.NotEmpty(t, news.Ref)
	require.NoError(t, s.Receive.Execute(t.Context(), batchcallsuc.InboundEvent{ID: "e_" + news.Outcome.Conversation, Body: encode(t, news)}))
	s.run(t)
}

var firstPage = kernel.Page{Limit: 100}

var errAway = errors.New("away")

// fieldsOf lists what an error says is wrong, as field:rule.
func fieldsOf(t *testing.T, err error) []string {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, err)
	var all []string
	for _, f := range e.Fields {
		all = append(all, f.Name+":"+string(f.Rule))
	}
	return all
}

// shift moves the clock without running anything: nobody is at work.
func (s *system) shift(d time.Duration) { s.clock.ahead.Add(int64(d)) }

// events lists the types of a campaign's events.
func (s *system) events(t *testing.T, c batchcalls.CampaignState) (types []string) {
	t.Helper()
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) (err error) {
		types, err = postgres.Collect(ctx, pgx.RowTo[string], `select type from events where stream = $1 order by version`, "call_batch/"+c.ID.String())
		return err
	}))
	return types
}
