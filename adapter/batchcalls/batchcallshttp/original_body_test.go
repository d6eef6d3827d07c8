package batchcallshttp_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
)

const limit = 104_857_600

// spaces is a body of n blanks.
func spaces(n int64) io.Reader { return io.LimitReader(blanks{}, n) }

type blanks struct{}

// Read implements io.Reader.
func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func packed(t *testing.T, body io.Reader, pack func(io.Writer) io.WriteCloser) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	w := pack(&out)
	_, err := io.Copy(w, body)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return &out
}

func zipped(w io.Writer) io.WriteCloser   { return gzip.NewWriter(w) }
func deflated(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }

func TestABodyIsReadHoweverItIsPacked(t *testing.T) {
	t.Parallel()
	e, good := newEdge(t, true), bodyWith(person, "")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(good)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		body    io.Reader
		headers []string
	}{
		"gzip":        {packed(t, strings.NewReader(good), zipped), []string{"Content-Encoding", "gzip"}},
		"deflate":     {packed(t, strings.NewReader(good), deflated), []string{"Content-Encoding", "Deflate"}},
		"identity":    {strings.NewReader(good), []string{"Content-Encoding", "identity"}},
		"chunked":     {io.MultiReader(strings.NewReader(good), strings.NewReader(strings.Repeat(" ", 200_000))), []string{"Content-Type", "application/json"}},
		"a BOM":       {strings.NewReader("\xef\xbb\xbf" + good), nil},
		"UTF-8":       {strings.NewReader(good), []string{"Content-Type", `Application/JSON; charset="UTF-8"`}},
		"UTF-16":      {strings.NewReader(utf16), []string{"Content-Type", "application/json; charset=utf-16"}},
		"no UTF-8":    {strings.NewReader(strings.Replace(good, `"C"`, "\"C\xff\"", 1)), nil},
		"a long form": {strings.NewReader("call_name=a&agent_id=b&agent_phone_number_id=c&recipients[][phone_number]=%2B15550100001&recipients[][phone_number]=%2B15550100002"), []string{"Content-Type", "application/x-www-form-urlencoded"}},
	} {
		got := e.send(t, "POST", submitPath, c.body, c.headers...)
		require.Equal(t, 200, got.status, "%s: %s", name, got.text)
	}
	submitted, _ := e.questions()
	require.Equal(t, 9, submitted)
}

func TestABodyThatCannotBeReadIsRefusedInSpanish(t *testing.T) {
	t.Parallel()
	e, good := newEdge(t, true), bodyWith(person, "")
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	for name, c := range map[string]struct {
		body    io.Reader
		status  int
		headers []string
	}{
		"no JSON":                {strings.NewReader(good + "}"), 400, nil},
		"only blanks":            {strings.NewReader("  \n"), 400, nil},
		"a control character":    {strings.NewReader("{\"a\":\"\x01\"}"), 400, nil},
		"too deep":               {strings.NewReader(bodyWith(person, `,"x":`+deep)), 400, nil},
		"too deep in no string":  {strings.NewReader(`{"a":"\\",` + `"b":` + deep + `}`), 400, nil},
		"no gzip":                {strings.NewReader(good), 400, []string{"Content-Encoding", "gzip"}},
		"half a gzip":            {bytes.NewReader(packed(t, strings.NewReader(good), zipped).Bytes()[:40]), 400, []string{"Content-Encoding", "gzip"}},
		"no zlib":                {strings.NewReader(good), 400, []string{"Content-Encoding", "deflate"}},
		"an unknown packing":     {strings.NewReader(good), 415, []string{"Content-Encoding", "br"}},
		"a charset":              {strings.NewReader(good), 415, []string{"Content-Type", "application/json; charset=latin1"}},
		"a charset of a form":    {strings.NewReader("a=b"), 415, []string{"Content-Type", "application/x-www-form-urlencoded; charset=utf-16"}},
		"too many parameters":    {strings.NewReader(strings.Repeat("a=b&", 1001)), 413, []string{"Content-Type", "application/x-www-form-urlencoded"}},
		"a byte too much":        {spaces(limit + 1), 413, []string{"Content-Type", "application/json"}},
		"a byte too much inside": {packed(t, spaces(limit+1), zipped), 413, []string{"Content-Encoding", "gzip"}},
		"the most, but no JSON":  {packed(t, spaces(limit), zipped), 400, []string{"Content-Encoding", "gzip"}},
	} {
		got := e.send(t, "POST", submitPath, c.body, c.headers...)
		require.Equal(t, c.status, got.status, "%s: %.100s", name, got.text)
		require.Equal(t, false, got.body["success"], name)
		require.NotEmpty(t, got.body["error"], name)
		require.Equal(t, "*", got.header.Get("Access-Control-Allow-Origin"))
	}
	submitted, _ := e.questions()
	require.Zero(t, submitted)
}

func TestABodyThatSaysItIsTooLongIsRefusedBeforeItComes(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	raw := dial(t, e.url)
	_, err := fmt.Fprintf(raw, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{", submitPath, limit+1)
	require.NoError(t, err)
	status, body := raw.answer(t)
	require.Equal(t, 413, status)
	require.Contains(t, body, `"success":false`)
}

func TestAFormIsReadWithItsBrackets(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	got := e.call(t, "POST", submitPath, "call_name=Campa%C3%B1a+de+oto%C3%B1o&agent_id=b&agent_phone_number_id=c"+
		"&recipients[1][phone_number]=%2B15550100002&recipients[0][phone_number]=%2B15550100001"+
		"&recipients[0][conversation_initiation_client_data][dynamic_variables][nombre]=Juan&tags=a&tags=b&scheduled_time_unix=1893456000"+
		"&broken=%zz&=x&deep[a][b][c]=1&[odd]=2&include_dynamic_variables=true", "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, 200, got.status, got.text)
	require.Equal(t, map[string]any{
		"call_name": "Campaña de otoño", "agent_id": "b", "agent_phone_number_id": "c", "scheduled_time_unix": 1893456000.0,
		"tags": []any{"a", "b"}, "broken": "%zz", "deep": map[string]any{"a": map[string]any{"b": map[string]any{"c": "1"}}},
		"[odd]": "2", "include_dynamic_variables": "true",
		"recipients": []any{
			map[string]any{"phone_number": "+15550100001", "conversation_initiation_client_data": map[string]any{
				"dynamic_variables": map[string]any{"nombre": "Juan"},
			}},
			map[string]any{"phone_number": "+15550100002"},
		},
	}, e.sentOn(t))
}
