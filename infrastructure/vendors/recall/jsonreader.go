package recall

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

var errOtherJSON = errors.New("not the expected JSON") // quotes nothing of what was found

// jsonReader reads JSON for callers who know what comes next: of the tens of thousands of small objects of a transcript,
// reflection takes as long as the reading itself. After the first error there is nothing more to be read.
type jsonReader struct {
	in  *jsontext.Decoder
	err error // the first: errOtherJSON, io.ErrUnexpectedEOF for a file that breaks off, or what the reader says
}

func newJSONReader(in io.Reader) *jsonReader {
	return &jsonReader{in: jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))} // as everybody reads JSON
}

// open steps into an array or object, and reports whether there is anything in it.
func (r *jsonReader) open(opening jsontext.Kind) bool {
	r.token(opening)
	return r.more()
}

// more reports whether there is another element or member, and steps out of the array or object when there is none.
func (r *jsonReader) more() bool {
	if r.err != nil {
		return false
	}
	if kind := r.in.PeekKind(); kind != jsontext.KindEndArray && kind != jsontext.KindEndObject {
		return true
	}
	_, err := r.in.ReadToken()
	r.fail(err)
	return false
}

// name returns a member's name, good until the next reading.
func (r *jsonReader) name() []byte {
	if r.err != nil {
		return nil
	}
	quoted, err := r.in.ReadValue()
	if err != nil {
		r.fail(err)
		return nil
	}
	if bytes.IndexByte(quoted, '\\') >= 0 {
		plain, err := jsontext.AppendUnquote(nil, quoted)
		r.fail(err)
		return plain
	}
	return quoted[1 : len(quoted)-1]
}

// null passes over a null, and reports whether there was one.
func (r *jsonReader) null() bool {
	if r.err != nil || r.in.PeekKind() != jsontext.KindNull {
		return false
	}
	r.token(jsontext.KindNull)
	return true
}

// text returns a string, "" for null.
func (r *jsonReader) text() string {
	if r.null() {
		return ""
	}
	t, ok := r.token(jsontext.KindString)
	if !ok {
		return ""
	}
	return t.String()
}

// float returns a number, nil for null.
func (r *jsonReader) float() *float64 { return number(r, jsontext.Token.Float) }

// integer returns a number without a point or an exponent, nil for null.
func (r *jsonReader) integer() *int64 { return number(r, jsontext.Token.Int) }

func number[N any](r *jsonReader, of func(jsontext.Token) (N, error)) *N {
	if r.null() {
		return nil
	}
	t, ok := r.token(jsontext.KindNumber)
	if !ok {
		return nil
	}
	n, err := of(t)
	if err != nil {
		r.err = errOtherJSON
	}
	return &n
}

// boolean returns true or false, nil for null.
func (r *jsonReader) boolean() *bool {
	if r.null() {
		return nil
	}
	is := r.in.PeekKind() == jsontext.KindTrue
	if is {
		r.token(jsontext.KindTrue)
	} else {
		r.token(jsontext.KindFalse)
	}
	return &is
}

// skip passes over a value of any kind.
func (r *jsonReader) skip() {
	if r.err == nil {
		r.fail(r.in.SkipValue())
	}
}

// token reads the next token, which must be of that kind.
func (r *jsonReader) token(want jsontext.Kind) (t jsontext.Token, ok bool) {
	if r.err != nil {
		return t, false
	}
	t, err := r.in.ReadToken()
	switch {
	case err != nil:
		r.fail(err)
	case t.Kind() != want:
		r.err = errOtherJSON
	}
	return t, r.err == nil
}

// fail keeps what was said in the meeting out of the error: a decoder's own message may quote it.
func (r *jsonReader) fail(err error) {
	_, syntax := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		r.err = io.ErrUnexpectedEOF
	case syntax:
		r.err = errOtherJSON
	default:
		r.err = err
	}
}
