package agentshttp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// audienceVariable makes the test binary those who listen, so that what they take does not count as the server's.
const audienceVariable = "CHAT_TEST_AUDIENCE"

func TestMain(m *testing.M) {
	told := os.Getenv(audienceVariable)
	if told == "" {
		os.Exit(m.Run())
	}
	var a audience
	if err := json.Unmarshal([]byte(told), &a); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	a.listen(json.NewEncoder(os.Stdout))
}

// audience are people, each known by a number, who ask what time it is and listen until they are told no more.
type audience struct {
	Addr, Meeting string
	From, To      int
}

// heard is what they say: once when everybody hears something, and once when nobody does any more.
type heard struct {
	Pieces   int
	P50, P99 time.Duration // of a piece's age
	Wrong    []string      // ends of answers that did not come to their end
}

// atOnce is how many arrive together.
const atOnce = 32

func (a audience) listen(say *json.Encoder) {
	var mu sync.Mutex
	var ages []time.Duration
	var end heard
	var begun, listening sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for person := a.From; person < a.To; person++ {
		begun.Add(1)
		listening.Go(func() {
			slots <- struct{}{}
			first := sync.OnceFunc(func() { <-slots; begun.Done() })
			defer first()
			pieces := 0
			last := a.hear(person, func(age time.Duration) {
				first()
				if pieces++; pieces > 2 { // the rush at the door is over
					mu.Lock()
					defer mu.Unlock()
					ages = append(ages, age)
				}
			})
			if !strings.Contains(last, `"done":true`) {
				mu.Lock()
				defer mu.Unlock()
				end.Wrong = append(end.Wrong, last)
			}
		})
	}
	begun.Wait()
	mu.Lock()
	_ = say.Encode(heard{Wrong: end.Wrong})
	mu.Unlock()
	listening.Wait()
	slices.Sort(ages)
	if end.Pieces = len(ages); end.Pieces > 0 {
		end.P50, end.P99 = ages[end.Pieces/2], ages[end.Pieces*99/100]
	}
	_ = say.Encode(end)
}

// hear asks as a person and listens to the end.
func (a audience) hear(person int, note func(time.Duration)) (last string) {
	conn, err := ask(a.Addr, a.Meeting, person, "¿Qué hora es?")
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	return listen(conn, note)
}

// ask sends a question and returns the connection, on which the answer comes.
func ask(addr, meeting string, person int, question string) (net.Conn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	body := fmt.Sprintf(`{"question":%q}`, question)
	_, err = fmt.Fprintf(conn, "POST /api/meetings/%s/agents/seguimiento_general/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %d\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", meeting, person, len(body), body)
	return conn, err
}

// listen reads an answer and notes how old each piece is; it returns the last line with data.
func listen(conn io.Reader, note func(time.Duration)) (last string) {
	lines := bufio.NewReaderSize(conn, 512)
	if status, _ := lines.ReadString('\n'); !strings.Contains(status, " 200 ") {
		return status
	}
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return last
		}
		text := string(line)
		if _, rest, found := strings.Cut(text, "<"); found {
			stamp, _, _ := strings.Cut(rest, ">")
			if at, err := strconv.ParseInt(stamp, 10, 64); err == nil {
				note(time.Since(time.Unix(0, at)))
			}
		}
		if strings.HasPrefix(text, "data: ") {
			last = text
			if strings.Contains(text, `"done":true`) || strings.Contains(text, `"error":true`) {
				return last
			}
		}
	}
}

// seat starts a process of people who listen; it returns, once all of them hear something, how to wait until nobody does.
func (h *hall) seat(t *testing.T, from, to int) (leave func() heard) {
	t.Helper()
	told, err := json.Marshal(audience{Addr: h.addr, Meeting: h.meeting.String(), From: from, To: to})
	require.NoError(t, err)
	people := exec.CommandContext(t.Context(), os.Args[0])
	people.Env, people.Stderr = append(os.Environ(), audienceVariable+"="+string(told)), os.Stderr
	out, err := people.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, people.Start())
	said := json.NewDecoder(out)
	next := func() (h heard) {
		require.NoError(t, said.Decode(&h))
		require.Empty(t, h.Wrong)
		return h
	}
	next()
	return func() heard {
		end := next()
		require.NoError(t, people.Wait())
		return end
	}
}
