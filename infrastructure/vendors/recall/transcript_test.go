package recall_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
)

// aWord is a transcript of one word with members of its own.
func aWord(members string) string { return `[{"words":[{` + members + `}]}]` }

// transcripts are files, well-formed and not, with what makes reading JSON hard.
func transcripts() []string {
	return []string{
		"", " ", "null", "5", "{}", "[]", " [ ] ", "[null]", "[{}]", "[{},]", "[,{}]", "[{}{}]", "[{} , null]", "[{}]]", "[{}] and more",
		`[{"participant":null,"language_code":null,"words":null}]`,
		`[{"participant":{"id":100,"name":"Ana","is_host":true,"platform":"zoom","email":"ana@example.com","extra_data":{"a":[1,{"b":"}]"}]}}}]`,
		`[{"participant":{"id":null,"name":null,"is_host":null,"platform":null,"email":null}}]`,
		`[{"participant":{"id":-7,"is_host":false}},{"participant":{}},{"words":[]},{"words":[null,{}]}]`,
		`[{"participant":{"id":1.0}}]`, `[{"participant":{"id":1e2}}]`, `[{"participant":{"id":9223372036854775808}}]`, `[{"participant":{"id":"1"}}]`,
		`[{"participant":{"id":-0}}]`, `[{"participant":{"is_host":1}}]`, `[{"participant":[]}]`, `[{"words":{}}]`, `[{"language_code":[]}]`, `[[]]`,
		// white space, and members in another order, unknown, of another case, twice
		"\n[\t{ \"words\" : [ {\"text\"\r:\"a\" , \"start_timestamp\" : { \"relative\" : 1.5 } } ,{ } ] , \"language_code\" : \"es\" } ]\n",
		`[{"words":[{"text":"a"},{"text":"b"}],"words":[{}],"language_code":"es","language_code":"en"}]`,
		`[{"words":[{"text":"a"}],"words":null}]`, `[{"participant":{"id":1},"participant":{"name":"b"}}]`, `[{"participant":{"id":1},"participant":null}]`,
		aWord(`"start_timestamp":{"relative":1},"start_timestamp":{}`), aWord(`"start_timestamp":{"relative":1},"start_timestamp":null`),
		aWord(`"Text":"a","TEXT":"b","start_timestamp":{"Relative":1}`),
		aWord(`"speaker":{"deep":[[[{"x":[null,true,false,-1.5e+3,"]}\""]}]]]},"empty":{},"none":[],"text":"a"`),
		aWord(`"x":` + strings.Repeat("[", 9_996) + strings.Repeat("]", 9_996)), aWord(`"x":` + strings.Repeat("[", 9_997) + strings.Repeat("]", 9_997)),
		aWord(`"x":[}`), aWord(`"x":{"a":1]`), aWord(`"x":{"a"}`), aWord(`"x":{"a":}`), aWord(`"x":{"a":1,}`), aWord(`"x":[1,]`), aWord(`"x":{1:2}`),
		aWord(`"x":tru`), aWord(`"x":nul`), aWord(`"x":True`), aWord(`"x"`), aWord(`"x":`), aWord(`x:1`), aWord(`"x" "y"`), "[{\"x\":\"\x00\"}]", "[{\x00}]",
		// strings
		aWord(`"text":"\"\\\/\b\f\n\r\t"`), aWord(`"text":"\u00e9\u00E9\ud83d\ude00\u0000"`), aWord(`"te\u0078t":"an escaped name"`),
		aWord(`"text":"\ud83d"`), aWord(`"text":"\ud83d\u0041"`), aWord(`"text":"\ude00\ud83d"`), aWord(`"text":"\ud83dx"`),
		aWord(`"text":"\x41"`), aWord(`"text":"\u12g4"`), aWord(`"text":"\u12"`), aWord(`"text":"\`), aWord(`"x":"\q"`),
		aWord("\"text\":\"a\tb\""), aWord("\"x\":\"a\nb\""), aWord("\"text\":\"\xff ok \xc3\""), aWord("\"\xff\":1,\"text\":\"ñ\""), aWord("\"x\":\"\xe2\x82\""),
		aWord(`"text":""`), aWord(`"text":5`), aWord(`"text":null`), aWord(`"text":{}`), aWord(`"text":'a'`), "\xef\xbb\xbf[]",
		// numbers
		aWord(`"start_timestamp":{"relative":0},"end_timestamp":{"relative":-0.0}`), aWord(`"start_timestamp":{"relative":1.5e3},"end_timestamp":{"relative":2E-2}`),
		aWord(`"start_timestamp":{"relative":3.0319999999999996},"end_timestamp":{"relative":12345678901234567890.5}`),
		aWord(`"start_timestamp":{"relative":99999999999.999},"end_timestamp":{"relative":0.000000000001}`),
		aWord(`"start_timestamp":{"relative":1e400}`), aWord(`"start_timestamp":{"relative":1e-400}`), aWord(`"start_timestamp":{"relative":"1"}`),
		aWord(`"start_timestamp":{"relative":01}`), aWord(`"start_timestamp":{"relative":1.}`), aWord(`"start_timestamp":{"relative":.5}`),
		aWord(`"start_timestamp":{"relative":+1}`), aWord(`"start_timestamp":{"relative":-}`), aWord(`"start_timestamp":{"relative":1e}`),
		aWord(`"start_timestamp":{"relative":1e+}`), aWord(`"start_timestamp":{"relative":1.2.3}`), aWord(`"start_timestamp":{"relative":0x1p2}`),
		aWord(`"start_timestamp":{"relative":true}`), aWord(`"start_timestamp":{"relative":NaN}`), aWord(`"start_timestamp":7`), aWord(`"x":00`), aWord(`"x":1_0`),
	}
}

// byTheBook is a transcript as the json package reads it.
func byTheBook(r io.Reader) (all []recall.Utterance, err error) {
	type timestamp struct {
		Relative *float64 `json:"relative"`
	}
	type word struct {
		Text  string    `json:"text"`
		Start timestamp `json:"start_timestamp"`
		End   timestamp `json:"end_timestamp"`
	}
	type participant struct {
		ID       *int64 `json:"id"`
		Name     string `json:"name"`
		IsHost   *bool  `json:"is_host"`
		Platform string `json:"platform"`
		Email    string `json:"email"`
	}
	type utterance struct {
		Participant  *participant `json:"participant"`
		LanguageCode string       `json:"language_code"`
		Words        []word       `json:"words"`
	}
	dec := jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != jsontext.KindBeginArray {
		return nil, errors.New("no array")
	}
	for dec.PeekKind() != jsontext.KindEndArray {
		var in utterance
		if err := json.UnmarshalDecode(dec, &in); err != nil {
			return all, err
		}
		out := recall.Utterance{Participant: (*recall.Participant)(in.Participant), LanguageCode: in.LanguageCode}
		if in.Words != nil {
			out.Words = make([]recall.Word, len(in.Words))
		}
		for i, w := range in.Words {
			out.Words[i] = recall.Word{Text: w.Text, Start: recall.Timestamp(w.Start), End: recall.Timestamp(w.End)}
		}
		all = append(all, out)
	}
	_, err = dec.ReadToken()
	return all, err
}

func read(utterances iter.Seq2[recall.Utterance, error]) (all []recall.Utterance, err error) {
	for u, failed := range utterances {
		if failed != nil {
			return all, failed
		}
		all = append(all, u)
	}
	return all, nil
}

// requireByTheBook holds the transcript's reading against the json package's.
func requireByTheBook(t *testing.T, text string) {
	t.Helper()
	want, wantErr := byTheBook(strings.NewReader(text))
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
		got, err := read(recall.DecodeTranscript(r))
		require.Equal(t, want, got, "%.200q", text)
		require.Equal(t, wantErr == nil, err == nil, "%.200q: %v, not %v", text, err, wantErr)
	}
}

func TestATranscriptIsReadAsTheJSONPackageReadsIt(t *testing.T) {
	t.Parallel()
	for _, text := range transcripts() {
		requireByTheBook(t, text)
	}
	file, err := os.ReadFile(demoTranscript)
	require.NoError(t, err)
	requireByTheBook(t, string(file))
}

func FuzzATranscriptIsReadAsTheJSONPackageReadsIt(f *testing.F) {
	for _, text := range transcripts() {
		if len(text) < 1000 { // to make a deep one shorter takes a fuzzer minutes
			f.Add(text)
		}
	}
	f.Fuzz(requireByTheBook)
}

func TestATranscriptThatBreaksOffAnywhereIsAnError(t *testing.T) {
	t.Parallel()
	text := `[ {"participant":{"id":100,"name":"A\u006ea \ud83d\ude00","is_host":true,"x":[{},[null,-1.5E+3]]},"language_code":"es",` +
		`"words":[{"text":"\"Sí\"","start_timestamp":{"relative":1.23,"absolute":"2025"},"end_timestamp":null}]} , {"words":[]} ]`
	for n := range len(text) {
		_, err := read(recall.DecodeTranscript(strings.NewReader(text[:n])))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, text[:n])
	}
	_, err := read(recall.DecodeTranscript(strings.NewReader(text)))
	require.NoError(t, err)
}

func TestAWordLongerThanTheBufferIsReadWhole(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1 << 13, 1<<14 - 1, 1 << 14, 1 << 15, 1 << 20} {
		word := strings.Repeat("ñ", n/2)
		all, err := read(recall.DecodeTranscript(iotest.HalfReader(strings.NewReader(aWord(`"x":"` + word + `","text":"` + word + `","` + word + `":0`)))))
		require.NoError(t, err)
		require.Equal(t, word, all[0].Words[0].Text)
	}
}

func TestADownloadThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	gone := errors.New("the line went dead")
	all, err := read(recall.DecodeTranscript(io.MultiReader(strings.NewReader(`[{},{"words":[`), iotest.ErrReader(gone))))
	require.ErrorIs(t, err, gone)
	require.Len(t, all, 1)
}

const demoTranscript = "../../../pkg/embed/demo/meeting.json" // ten minutes

func BenchmarkDecodeTranscript(b *testing.B) {
	file, err := os.ReadFile(demoTranscript)
	require.NoError(b, err)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(recall.DecodeTranscript(bytes.NewReader(file))); err != nil {
			b.Fatal(err)
		}
	}
}
