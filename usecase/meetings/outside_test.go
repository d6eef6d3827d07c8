package meetingsuc_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tertulia-dev/tertulia/adapter/meetings/builtin"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// outside is every vendor at once. A hook fails or panics in the place it is named for; it sees the call's number, from 1.
type outside struct {
	mu    sync.Mutex
	calls map[string]int
	hooks map[string]func(n int) error

	bots       map[string]meetings.BotID // by idempotency key
	of         map[meetings.ID]meetings.BotID
	requests   []meetingsuc.NotetakerRequest
	linksFor   []meetingsuc.LinkRequest
	released   []meetings.BotID
	erased     []meetings.BotID
	progress   meetingsuc.Progress
	transcript meetings.Transcript
	analysed   meetings.Transcript // what the analyser last read
	files      map[string][]byte
	notes      map[meetings.ID]string
	meetings   map[meetings.ID]string
	entries    []meetingsuc.CRMEntry
	contact    string
	agents     judges
	spends     meetings.Usage                     // of every analysis
	contacts   map[string][]meetingsuc.CRMContact // by what is searched for
}

func newOutside() *outside {
	return &outside{
		calls: map[string]int{}, hooks: map[string]func(int) error{}, bots: map[string]meetings.BotID{},
		of: map[meetings.ID]meetings.BotID{}, files: map[string][]byte{}, notes: map[meetings.ID]string{},
		meetings: map[meetings.ID]string{}, contact: "501", transcript: talk(),
	}
}

// talk is a short conversation between Ana, the rep, and Luis.
func talk() meetings.Transcript {
	say := func(name string, start meetings.Millis, words ...string) meetings.Utterance {
		u := meetings.Utterance{Speaker: meetings.Speaker{Name: name}, Language: "es"}
		for _, w := range words {
			u.Words = append(u.Words, meetings.Word{Text: w, Start: start, End: start + 400})
			start += 500
		}
		return u
	}
	return meetings.Transcript{Utterances: []meetings.Utterance{
		say("ana", 0, "¿Qué", "presupuesto", "tienen", "para", "este", "año?"),
		say("Luis Peña", 4000, "Unos", "cincuenta", "mil", "pesos,", "pero", "me", "parece", "caro."),
		say("ana", 9000, "Le", "envío", "la", "propuesta", "el", "jueves."),
	}}
}

// on sets a hook: "send" runs before the vendor acts, "sent" after it has, and likewise elsewhere.
func (o *outside) on(place string, hook func(n int) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hooks[place] = hook
}

func (o *outside) always(place string, err error) { o.on(place, func(int) error { return err }) }

// once fails the first call only.
func (o *outside) once(place string, err error) {
	o.on(place, func(n int) error {
		if n == 1 {
			return err
		}
		return nil
	})
}

func (o *outside) called(place string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.calls[place]
}

func (o *outside) reach(place string) error {
	o.mu.Lock()
	o.calls[place]++
	n, hook := o.calls[place], o.hooks[place]
	o.mu.Unlock()
	if hook == nil {
		return nil
	}
	return hook(n)
}

// locked runs fn under the lock.
func locked[T any](o *outside, fn func() T) T {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fn()
}

func (o *outside) MakeLink(_ context.Context, r meetingsuc.LinkRequest) (string, error) {
	if err := o.reach("link"); err != nil {
		return "", err
	}
	return locked(o, func() string {
		o.linksFor = append(o.linksFor, r)
		return "https://meet.google.com/new-link-" + fmt.Sprint(len(o.linksFor))
	}), nil
}

func (o *outside) Send(_ context.Context, r meetingsuc.NotetakerRequest) (meetings.BotID, error) {
	if err := o.reach("send"); err != nil {
		return "", err
	}
	bot := locked(o, func() meetings.BotID {
		o.requests = append(o.requests, r)
		if o.bots[r.Key] == "" {
			o.bots[r.Key] = meetings.BotID(fmt.Sprintf("bot-%d", len(o.bots)+1))
			o.of[r.Meeting] = o.bots[r.Key]
		}
		return o.bots[r.Key]
	})
	return bot, o.reach("sent")
}

func (o *outside) FindByMeeting(_ context.Context, id meetings.ID) (meetings.BotID, bool, error) {
	err := o.reach("find")
	bot := locked(o, func() meetings.BotID { return o.of[id] })
	if err == nil {
		err = o.reach("found")
	}
	return bot, bot != "", err
}

func (o *outside) Progress(context.Context, meetings.BotID) (meetingsuc.Progress, error) {
	return locked(o, func() meetingsuc.Progress { return o.progress }), o.reach("progress")
}

func (o *outside) Release(_ context.Context, id meetings.BotID) error {
	if err := o.reach("release"); err != nil {
		return err
	}
	locked(o, func() any { o.released = append(o.released, id); return nil })
	return nil
}

func (o *outside) Erase(_ context.Context, id meetings.BotID) error {
	if err := o.reach("erase"); err != nil {
		return err
	}
	locked(o, func() any { o.erased = append(o.erased, id); return nil })
	return nil
}

func (o *outside) Transcript(context.Context, meetings.BotID) (meetings.Transcript, error) {
	return o.transcript, o.reach("transcript")
}

func (o *outside) Open(_ context.Context, _ meetings.BotID, kind meetingsuc.MediaKind) (meetingsuc.Recording, error) {
	body := []byte("the " + kind)
	return meetingsuc.Recording{Body: io.NopCloser(bytes.NewReader(body)), Bytes: int64(len(body)), ContentType: "video/mp4"}, o.reach("open")
}

func (o *outside) URL(context.Context, meetings.BotID, meetingsuc.MediaKind) (string, error) {
	return "https://vendor.example/audio", o.reach("url")
}

func (o *outside) Put(_ context.Context, key, _ string, _ int64, r io.Reader) (int64, error) {
	if err := o.reach("put"); err != nil {
		return 0, err
	}
	body, err := io.ReadAll(r)
	locked(o, func() any { o.files[key] = body; return nil })
	return int64(len(body)), err
}

func (o *outside) SignedURL(_ context.Context, key string, ttl time.Duration) (string, error) {
	return "https://media.example/" + key + "?ttl=" + ttl.String(), o.reach("sign")
}

func (o *outside) Delete(_ context.Context, key string) error {
	if err := o.reach("delete " + key); err != nil {
		return err
	}
	locked(o, func() any { delete(o.files, key); return nil })
	return nil
}

func (o *outside) keys() []string {
	return locked(o, func() []string { return slices.Sorted(maps.Keys(o.files)) })
}

// Analyze is the built-in analyser's, which needs no vendor.
func (o *outside) Analyze(ctx context.Context, r meetingsuc.AnalysisRequest) (meetings.Analysis, error) {
	if err := o.reach("analyze"); err != nil {
		return meetings.Analysis{}, err
	}
	o.mu.Lock()
	o.analysed = r.Transcript
	o.mu.Unlock()
	a, err := builtin.Analyzer{}.Analyze(ctx, r)
	a.Model, a.Usage = "gpt-4o-mini", o.spends
	a.Agent, a.Revision = r.Evaluator.Key, r.Evaluator.Version
	return a, err
}

func (o *outside) FindContact(_ context.Context, email string) (string, bool, error) {
	return o.contact, o.contact != "" && email != "", o.reach("contact")
}

func (o *outside) SearchContacts(_ context.Context, text string, limit int) ([]meetingsuc.CRMContact, error) {
	return o.contacts[text], o.reach(fmt.Sprintf("search %s %d", text, limit))
}

// OwnerOf asks the CRM, as identity does for a rep who has no owner yet.
func (o *outside) OwnerOf(context.Context, kernel.WorkspaceID, kernel.RepID) (string, error) {
	return "77", o.reach("owner")
}

// Forget implements meetingsuc.Chats.
func (o *outside) Forget(context.Context, kernel.WorkspaceID, meetings.ID) error {
	return o.reach("forget chats")
}

func (o *outside) Ready() error { return o.reach("ready") }

func (o *outside) Preview(note, engagement meetingsuc.CRMEntry) meetingsuc.CRMPreview {
	return meetingsuc.CRMPreview{
		Note: map[string]string{"body": note.Body}, Engagement: map[string]string{"body": engagement.Body, "title": engagement.Title},
	}
}

func (o *outside) OpenDeal(context.Context, string) (string, bool, error) {
	return "900", true, o.reach("deal")
}

func (o *outside) SaveNote(_ context.Context, e meetingsuc.CRMEntry) (string, error) {
	return o.save("note", o.notes, e)
}

func (o *outside) SaveEngagement(_ context.Context, e meetingsuc.CRMEntry) (string, error) {
	return o.save("engagement", o.meetings, e)
}

// save writes an entry under the meeting's ID. After "noted" the entry exists, whatever the caller hears.
func (o *outside) save(place string, into map[meetings.ID]string, e meetingsuc.CRMEntry) (string, error) {
	if err := o.reach(place); err != nil {
		return "", err
	}
	id := locked(o, func() string {
		o.entries = append(o.entries, e)
		if into[e.Meeting] == "" {
			into[e.Meeting] = fmt.Sprintf("%s-%d", place, len(into)+1)
		}
		return into[e.Meeting]
	})
	return id, o.reach(place + " saved")
}

func upstream(code fault.Code) error { return fault.New(fault.Upstream, code) }

// crash is a hook that panics at the first call: the process dies there.
func crash(t *testing.T) func(int) error {
	t.Helper()
	return func(n int) error {
		if n == 1 {
			panic("crash")
		}
		return nil
	}
}
