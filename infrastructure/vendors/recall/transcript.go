package recall

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// Utterance is a stretch of words by one participant, as the transcript file has it.
type Utterance struct {
	Participant  *Participant
	LanguageCode string
	Words        []Word
}

// Participant is who speaks. Every field may be missing, and one who rejoins may come back under another ID.
type Participant struct {
	ID       *int64
	Name     string
	IsHost   *bool
	Platform string
	Email    string
}

// Word is one word and when it was said.
type Word struct {
	Text  string
	Start Timestamp
	End   Timestamp
}

// Timestamp is a moment of the recording. The vendor's "absolute" is left out: nobody needs the time of day of a word.
type Timestamp struct {
	Relative *float64 // seconds since the recording began; nil where the vendor does not say
}

// DownloadTranscript yields a transcript's utterances as they arrive, so that a three-hour file of 5 MB is never held as
// text. ref.Kind is ignored. It ends at the first error: ErrNotReady, IsNotFound, or a file that breaks off.
func (c *Client) DownloadTranscript(ctx context.Context, ref Ref) iter.Seq2[Utterance, error] {
	ref.Kind = Transcript
	return func(yield func(Utterance, error) bool) {
		media, err := c.OpenMedia(ctx, ref)
		if err != nil {
			yield(Utterance{}, err)
			return
		}
		defer func() { _ = media.Close() }()
		for u, err := range DecodeTranscript(media) {
			if !yield(u, err) {
				return
			}
		}
	}
}

// DecodeTranscript yields the utterances of a transcript file. It ends at the first error, which quotes nothing that was said.
func DecodeTranscript(r io.Reader) iter.Seq2[Utterance, error] {
	return func(yield func(Utterance, error) bool) {
		in := newJSONReader(r)
		for ok := in.open(jsontext.KindBeginArray); ok; ok = in.more() {
			var u Utterance
			if u.read(in); in.err != nil {
				break
			}
			if !yield(u, nil) {
				return
			}
		}
		if in.err != nil {
			yield(Utterance{}, fmt.Errorf("decode the transcript: %w", in.err))
		}
	}
}

func (u *Utterance) read(in *jsonReader) {
	if in.null() {
		*u = Utterance{}
		return
	}
	for ok := in.open(jsontext.KindBeginObject); ok; ok = in.more() {
		switch string(in.name()) {
		case "participant":
			u.Participant = readParticipant(in, u.Participant)
		case "language_code":
			u.LanguageCode = in.text()
		case "words":
			u.Words = readWords(in)
		default:
			in.skip()
		}
	}
}

func readWords(in *jsonReader) []Word {
	if in.null() {
		return nil
	}
	words := make([]Word, 0, 16)
	for ok := in.open(jsontext.KindBeginArray); ok; ok = in.more() {
		words = append(words, Word{})
		words[len(words)-1].read(in)
	}
	return words
}

// readParticipant adds to what is known of the participant already: of a member that is there twice the later holds.
func readParticipant(in *jsonReader, p *Participant) *Participant {
	if in.null() {
		return nil
	}
	if p == nil {
		p = &Participant{}
	}
	for ok := in.open(jsontext.KindBeginObject); ok; ok = in.more() {
		switch string(in.name()) {
		case "id":
			p.ID = in.integer()
		case "name":
			p.Name = in.text()
		case "is_host":
			p.IsHost = in.boolean()
		case "platform":
			p.Platform = in.text()
		case "email":
			p.Email = in.text()
		default:
			in.skip()
		}
	}
	return p
}

func (w *Word) read(in *jsonReader) {
	if in.null() {
		*w = Word{}
		return
	}
	for ok := in.open(jsontext.KindBeginObject); ok; ok = in.more() {
		switch string(in.name()) {
		case "text":
			w.Text = in.text()
		case "start_timestamp":
			w.Start.read(in)
		case "end_timestamp":
			w.End.read(in)
		default:
			in.skip()
		}
	}
}

func (t *Timestamp) read(in *jsonReader) {
	if in.null() {
		*t = Timestamp{}
		return
	}
	for ok := in.open(jsontext.KindBeginObject); ok; ok = in.more() {
		switch string(in.name()) {
		case "relative":
			t.Relative = in.float()
		default:
			in.skip()
		}
	}
}
