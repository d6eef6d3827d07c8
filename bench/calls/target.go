package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

const (
	// success is how the answer to a submission and that of a batch begin.
	success = `{"success":true,`
	// calledAt is in 2033: nobody is called.
	calledAt = 1_993_456_000
	// number stands in a rendered submission where its own number comes.
	number = "0000000000"
)

// target is a service that is measured. Without a process its processor time and memory are not known.
type target struct {
	name    string
	url     string
	process rig.Process
	old     bool          // it ran before: its peak of memory is of more than this run
	numbers *atomic.Int64 // of submissions: two alike would be one
}

// body renders a submission of so many recipients with three variables each: 1.8 MB for 10,000.
func body(recipients int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"call_name":"bench %s","agent_id":"agent_1","agent_phone_number_id":"phnum_1","scheduled_time_unix":%d,"recipients":[`, number, calledAt)
	for i := range recipients {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"phone_number":"+346%08d","conversation_initiation_client_data":{"dynamic_variables":`+
			`{"name":"Juan Pérez %d","empresa":"Acme Corp","plan":"Plan Premium 2026"}}}`, i, i)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// submission asks for a batch of so many recipients, under another name each time.
func (t *target) submission(recipients int) rig.Question {
	request := rig.PostJSON(t.url, "/api/batch-calling/submit", body(recipients))
	at := bytes.Index(request, []byte(number))
	return rig.Question{Base: t.url, Begins: success, Each: func() func() []byte {
		mine := bytes.Clone(request)
		return func() []byte {
			t.sign(mine[at:])
			return mine
		}
	}}
}

// resubmission asks for one batch again and again, as load generators do that send one body.
func (t *target) resubmission(recipients int) rig.Question {
	request := rig.PostJSON(t.url, "/api/batch-calling/submit", body(recipients))
	t.sign(request[bytes.Index(request, []byte(number)):])
	q := rig.Same(t.url, request)
	q.Begins = success
	return q
}

// sign writes the next number where a rendered submission has room for it.
func (t *target) sign(room []byte) {
	copy(room, fmt.Sprintf("%0*d", len(number), t.numbers.Add(1)))
}

// submit submits one batch and returns its ID.
func (t *target) submit(ctx context.Context, recipients int) (id string, err error) {
	b := body(recipients)
	t.sign(b[bytes.Index(b, []byte(number)):])
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+"/api/batch-calling/submit", bytes.NewReader(b))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	var answer struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := fetch(r, &answer); err != nil {
		return "", err
	}
	if answer.Data.ID == "" {
		return "", errors.New("the batch that was submitted has no ID")
	}
	return answer.Data.ID, nil
}

// recipients reads a batch and counts its recipients.
func (t *target) recipients(ctx context.Context, id string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url+"/api/batch-calling/"+id, http.NoBody)
	if err != nil {
		return 0, err
	}
	var answer struct {
		Data struct {
			Recipients []struct{} `json:"recipients"`
		} `json:"data"`
	}
	err = fetch(r, &answer)
	return len(answer.Data.Recipients), err
}

// fetch sends a request and decodes its answer, which must be 200.
func fetch(r *http.Request, out any) error {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s was answered to %s %s", answer.Status, r.Method, r.URL.Path)
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

// whileSubmitting asks by the clock while batches of 10,000 are submitted one after the other.
func whileSubmitting(ctx context.Context, t *target, q rig.Question, _ int, during time.Duration) (seen rig.Load, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		_, err := rig.Hammer(ctx, t.submission(10_000), 1, during)
		return err
	})
	group.Go(func() (err error) {
		seen, err = rig.Paced(ctx, q, healthEvery, during)
		return err
	})
	return seen, group.Wait()
}
