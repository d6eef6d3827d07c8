package recall

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Utterance is a stretch of words by one participant, as the transcript file has it.
type Utterance struct {
	Participant  *Participant `json:"participant"`
	LanguageCode string       `json:"language_code"`
	Words        []Word       `json:"words"`
}

// Participant is who speaks. Every field may be missing, and one who rejoins may come back under another ID.
type Participant struct {
	ID       *int64 `json:"id"`
	Name     string `json:"name"`
	IsHost   *bool  `json:"is_host"`
	Platform string `json:"platform"`
	Email    string `json:"email"`
}

// Word is one word and when it was said.
type Word struct {
	Text  string    `json:"text"`
	Start Timestamp `json:"start_timestamp"`
	End   Timestamp `json:"end_timestamp"`
}

// Timestamp is a moment of the recording. The vendor's "absolute" is left out: nobody needs the time of day of a word, and
// reading two of them a word takes as long as all the rest.
type Timestamp struct {
	Relative *float64 `json:"relative"` // seconds since the recording began; nil where the vendor does not say
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

// DecodeTranscript yields the utterances of a transcript file. It ends at the first error.
func DecodeTranscript(r io.Reader) iter.Seq2[Utterance, error] {
	return func(yield func(Utterance, error) bool) {
		dec := jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) // as everybody reads JSON
		if tok, err := dec.ReadToken(); err != nil || tok.Kind() != jsontext.KindBeginArray {
			yield(Utterance{}, decodeError(err))
			return
		}
		for dec.PeekKind() != jsontext.KindEndArray {
			var u Utterance
			if err := json.UnmarshalDecode(dec, &u); err != nil {
				yield(Utterance{}, decodeError(err))
				return
			}
			if !yield(u, nil) {
				return
			}
		}
		if _, err := dec.ReadToken(); err != nil {
			yield(Utterance{}, decodeError(err))
		}
	}
}

// decodeError keeps what was said in the meeting out of the error: a decoder's own message may quote it.
func decodeError(err error) error {
	_, syntax := errors.AsType[*jsontext.SyntacticError](err)
	_, shape := errors.AsType[*json.SemanticError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = io.ErrUnexpectedEOF
	case err == nil, syntax, shape:
		return errors.New("decode the transcript: not the expected JSON")
	}
	return fmt.Errorf("decode the transcript: %w", err)
}
