package embed_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// realMeetings lie beside the repository where they may be had; they are not part of it.
const realMeetings = "../../../shared/data/meetings"

type truth struct {
	Speakers map[string]struct {
		Seconds float64 `json:"speaking_seconds"`
	} `json:"speakers"`
}

func TestAStrangersMeetingsReachTheCRMOnceEachWithTheTrueSpeakingTimes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(realMeetings, "*.recall-transcript.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the real meetings are not beside the repository: ../shared/data/meetings")
	}
	s := embedtest.New(t)
	ids := map[string]string{}
	for _, file := range files {
		transcript, err := os.ReadFile(file)
		require.NoError(t, err)
		name := strings.TrimSuffix(filepath.Base(file), ".recall-transcript.json")
		ids[name] = s.Scheduled(t, sandboxtest.Script{Transcript: transcript, Duplicates: 3, Shuffle: true})
	}

	for name, id := range ids {
		detail := s.Settled(t, id)
		requireTrueSeconds(t, name, detail.Analyses[0].Participation)
		require.Len(t, s.Notetakers(t, id), 1)
		require.Len(t, s.Analyses(id), 1)
		require.Len(t, s.CRM(t, "notes", id), 1)
		require.Len(t, s.CRM(t, "meetings", id), 1)
		requirePlays(t, s, *detail.Media.VideoURL)
	}
	s.Idle(t)
	requireOneNotetakerAKey(t, s, len(ids))
	require.Len(t, s.Analyses(""), len(ids), "no analysis after the first")
	require.Equal(t, len(ids), s.Sandbox.Calls("hubspot", "POST /crm/objects/2026-09/notes"))
}

func requireTrueSeconds(t *testing.T, name string, measured tertulia.Participation) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(realMeetings, name+".truth.json"))
	require.NoError(t, err)
	var want truth
	require.NoError(t, json.Unmarshal(raw, &want))
	require.Len(t, measured.Participants, len(want.Speakers))
	for _, p := range measured.Participants {
		require.Contains(t, want.Speakers, p.Name)
		require.InEpsilon(t, want.Speakers[p.Name].Seconds, p.SpeakingSeconds, 0.005, "%s: %s", name, p.Name)
	}
}

// requirePlays opens a signed link as a player does: without a credential, a stretch at a time.
func requirePlays(t *testing.T, s *embedtest.System, url string) {
	t.Helper()
	part := s.Do(t, http.MethodGet, url, "", "Range", "bytes=100-199")
	require.Equal(t, http.StatusPartialContent, part.Status, part.Body)
	require.Len(t, part.Body, 100)
	whole := s.Do(t, http.MethodGet, url, "")
	require.Equal(t, http.StatusOK, whole.Status)
	require.Equal(t, "bytes 100-199/"+strconv.Itoa(len(whole.Body)), part.Header.Get("Content-Range"))
	require.Equal(t, whole.Body[100:200], part.Body)
}

// requireOneNotetakerAKey holds what was asked of the vendor against what came of it.
func requireOneNotetakerAKey(t *testing.T, s *embedtest.System, want int) {
	t.Helper()
	keys := map[string]bool{}
	for _, request := range s.Sandbox.Matching("recall", "POST /api/v1/bot") {
		require.NotEmpty(t, request.Headers["Idempotency-Key"])
		keys[request.Headers["Idempotency-Key"]] = true
	}
	require.Len(t, keys, want)
	require.Len(t, s.Notetakers(t, ""), want)
}
