package tertulia_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// pages serves total meetings, two a page, and fails on page failOn.
func pages(t *testing.T, total, failOn int) (client *tertulia.Client, calls *int) {
	t.Helper()
	calls = new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*calls++
		page, err := strconv.Atoi(r.URL.Query().Get("page"))
		if err != nil || page == failOn {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		rows := ""
		for i := (page - 1) * 2; i < min(page*2, total); i++ {
			if rows != "" {
				rows += ","
			}
			rows += fmt.Sprintf(`{"id": "m%d"}`, i)
		}
		fmt.Fprintf(w, `{"data": [%s], "total": %d, "page": %d, "limit": 2}`, rows, total, page)
	}))
	t.Cleanup(server.Close)
	return tertulia.New(server.URL), calls
}

func TestAllMeetingsAreWalkedPageByPage(t *testing.T) {
	t.Parallel()
	for total, wantCalls := range map[int]int{0: 1, 1: 1, 2: 1, 3: 2, 5: 3} {
		client, calls := pages(t, total, 0)
		var ids []string
		for row, err := range client.Meetings.All(t.Context(), tertulia.MeetingFilter{Limit: 2}) {
			require.NoError(t, err)
			ids = append(ids, row.ID)
		}
		require.Len(t, ids, total)
		require.Equal(t, wantCalls, *calls, "total %d", total)
	}
}

func TestAWalkThatIsLeftAsksForNoFurtherPage(t *testing.T) {
	t.Parallel()
	client, calls := pages(t, 5, 0)

	for row := range client.Meetings.All(t.Context(), tertulia.MeetingFilter{}) {
		require.Equal(t, "m0", row.ID)
		break
	}

	require.Equal(t, 1, *calls)
}

func TestAWalkEndsWithTheFirstError(t *testing.T) {
	t.Parallel()
	client, _ := pages(t, 5, 2)
	var ids []string
	var last error
	for row, err := range client.Meetings.All(t.Context(), tertulia.MeetingFilter{}) {
		if last = err; err == nil {
			ids = append(ids, row.ID)
		}
	}

	require.Equal(t, []string{"m0", "m1"}, ids)
	var refused *tertulia.APIError
	require.ErrorAs(t, last, &refused)
}

func TestACursorIsFollowedToTheLastPage(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers := map[string]string{
			"":  `{"data": [{"id": "a"}, {"id": "b"}], "nextCursor": "b"}`,
			"b": `{"data": [{"id": "c"}], "nextCursor": null}`,
		}
		fmt.Fprint(w, answers[r.URL.Query().Get("cursor")])
	}))
	t.Cleanup(server.Close)
	client := tertulia.New(server.URL)

	var reps, jobs []string
	for rep, err := range client.SalesReps.All(t.Context()) {
		require.NoError(t, err)
		reps = append(reps, rep.ID)
	}
	for job, err := range client.Jobs.All(t.Context(), tertulia.JobFilter{}) {
		require.NoError(t, err)
		jobs = append(jobs, job.ID)
	}

	require.Equal(t, []string{"a", "b", "c"}, reps)
	require.Equal(t, []string{"a", "b", "c"}, jobs)
}
