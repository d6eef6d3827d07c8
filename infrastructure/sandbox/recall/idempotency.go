package recall

import (
	"net/http"
	"sync"
	"time"
)

// keyLife is how long an answer is kept for its Idempotency-Key.
const keyLife = time.Hour

// idempotency keeps the answers to requests that carried an Idempotency-Key, per key and path, whatever their status: a
// kept 507 is answered again (https://docs.recall.ai/reference/idempotency).
type idempotency struct {
	now func() time.Time

	mu      sync.Mutex
	answers map[string]*kept
}

// kept is an answer, or the promise of one while its request is being served.
type kept struct {
	answer *reply // nil while in flight
	at     time.Time
}

func newIdempotency(now func() time.Time) *idempotency {
	return &idempotency{now: now, answers: map[string]*kept{}}
}

func (i *idempotency) reset() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answers = map[string]*kept{}
}

// serve answers from the kept answers, or lets next answer and keeps that.
func (i *idempotency) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || (r.Method != http.MethodPost && r.Method != http.MethodPut && r.Method != http.MethodPatch) {
		next.ServeHTTP(w, r)
		return
	}
	key += " " + r.URL.Path
	mine, earlier := i.claim(key)
	if earlier == nil {
		earlier = newReply()
		next.ServeHTTP(earlier, r)
		i.fulfil(mine, earlier)
	}
	if earlier.code == 0 {
		fail(w, http.StatusConflict, "conflict", "A request with the same idempotency key is being processed.")
		return
	}
	earlier.send(w)
}

// claim returns a promise to fulfil when the key is new, else the earlier answer; that has the code 0 while in flight.
func (i *idempotency) claim(key string) (*kept, *reply) {
	i.mu.Lock()
	defer i.mu.Unlock()
	found := i.answers[key]
	switch {
	case found != nil && found.answer == nil:
		return nil, &reply{}
	case found != nil && i.now().Sub(found.at) < keyLife:
		return nil, found.answer
	}
	mine := &kept{}
	i.answers[key] = mine
	return mine, nil
}

func (i *idempotency) fulfil(mine *kept, answer *reply) {
	i.mu.Lock()
	defer i.mu.Unlock()
	mine.answer, mine.at = answer, i.now()
}
