package recall

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Recordings implements meetingsuc.Recordings.
type Recordings struct{ client *recall.Client }

// NewRecordings makes recordings.
func NewRecordings(client *recall.Client) *Recordings { return &Recordings{client: client} }

// Transcript returns what was said over all recordings of the notetaker. One that was stopped and started again has
// several; each counts from its own beginning, so the later ones are moved behind the first. While one of them is still
// being transcribed there is nothing to return: half a conversation would be analysed as the whole.
func (r *Recordings) Transcript(ctx context.Context, id meetings.BotID) (meetings.Transcript, error) {
	bot, err := r.client.GetBot(ctx, id.String())
	if err != nil {
		return meetings.Transcript{}, failure(err)
	}
	var recordings []recall.Recording
	for _, rec := range bot.Recordings {
		switch t := rec.MediaShortcuts.Transcript; {
		case t == nil, t.Status.Code == "failed", t.Status.Code == "deleted":
		case t.Status.Code == "done":
			recordings = append(recordings, rec)
		default:
			return meetings.Transcript{}, notReady(recall.ErrNotReady)
		}
	}
	if len(recordings) == 0 {
		return meetings.Transcript{}, notReady(recall.ErrNotReady)
	}
	slices.SortStableFunc(recordings, func(a, b recall.Recording) int { return begin(a).Compare(begin(b)) })
	var t meetings.Transcript
	for _, rec := range recordings {
		shift := meetings.Millis(begin(rec).Sub(begin(recordings[0])).Milliseconds())
		ref := recall.Ref{Bot: bot.ID, Recording: rec.ID, Kind: recall.Transcript, Link: rec.MediaShortcuts.Transcript.Data.DownloadURL}
		for u, err := range r.client.DownloadTranscript(ctx, ref) {
			if err != nil {
				return meetings.Transcript{}, notReady(err)
			}
			t.Utterances = append(t.Utterances, utterance(u, shift))
		}
	}
	return t, nil
}

// Open streams the latest video or audio.
func (r *Recordings) Open(ctx context.Context, id meetings.BotID, kind meetingsuc.MediaKind) (meetingsuc.Recording, error) {
	media, err := r.client.OpenMedia(ctx, refOf(id, kind))
	if err != nil {
		return meetingsuc.Recording{}, notReady(err)
	}
	return meetingsuc.Recording{Body: media, Bytes: media.Size, ContentType: media.ContentType}, nil
}

// URL returns the vendor's own link.
func (r *Recordings) URL(ctx context.Context, id meetings.BotID, kind meetingsuc.MediaKind) (string, error) {
	url, err := r.client.MediaURL(ctx, refOf(id, kind))
	return url, notReady(err)
}

func refOf(id meetings.BotID, kind meetingsuc.MediaKind) recall.Ref {
	if kind == meetingsuc.Video {
		return recall.Ref{Bot: id.String(), Kind: recall.Video}
	}
	return recall.Ref{Bot: id.String(), Kind: recall.Audio}
}

// notReady turns a failure into a fault; what is not there yet is Unavailable, to be asked for again.
func notReady(err error) error {
	if errors.Is(err, recall.ErrNotReady) {
		return fault.Wrap(fault.Unavailable, meetings.RecallError, err)
	}
	return failure(err)
}

func begin(r recall.Recording) time.Time {
	for _, t := range []*time.Time{r.StartedAt, r.CreatedAt} {
		if t != nil {
			return *t
		}
	}
	return time.Time{}
}

func utterance(u recall.Utterance, shift meetings.Millis) meetings.Utterance {
	out := meetings.Utterance{Language: u.LanguageCode, Words: make([]meetings.Word, len(u.Words))}
	if p := u.Participant; p != nil {
		out.Speaker = meetings.Speaker{Name: p.Name, Email: p.Email, IsHost: p.IsHost != nil && *p.IsHost}
		if p.ID != nil {
			out.Speaker.ID = strconv.FormatInt(*p.ID, 10)
		}
	}
	for i, w := range u.Words {
		out.Words[i] = meetings.Word{Text: w.Text, Start: moment(w.Start, shift), End: moment(w.End, shift)}
	}
	return out
}

func moment(t recall.Timestamp, shift meetings.Millis) meetings.Millis {
	at := meetings.AtSeconds(t.Relative)
	if at == meetings.NoTime {
		return at
	}
	return at + shift
}
