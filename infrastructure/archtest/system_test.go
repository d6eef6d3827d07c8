package archtest

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const planted = `package p

import (
	"example.com/kernel"
	renamed "example.com/other"
)

type store struct{ db interface{ System(f func()) } }

func (s store) System() {}

func allowed() { _ = kernel.System("ws"); renamed.SystemPool() }

func (s store) calls()  { s.db.System(nil) }
func (s store) passes() { run(s.db.System) }
func pool(db DB)        { db.SystemPool() }
func made()             { open().SystemPool() }
`

func TestOnlyTheListedPackagesReachPastTheTenants(t *testing.T) {
	t.Parallel()
	root := os.DirFS("../..")

	found, err := SystemCalls(root)

	require.NoError(t, err)
	require.Empty(t, found, "a repository works through InTx and Read: see systemCallers for who may do otherwise")
	for _, caller := range systemCallers() {
		entries, err := os.ReadDir("../../" + caller)
		require.NoError(t, err, "the list names what is there")
		uses := 0
		for _, e := range entries {
			if e.IsDir() {
				continue
			}
			calls, err := systemCallsIn(os.DirFS("../../"+caller), e.Name())
			if err == nil {
				uses += len(calls)
			}
		}
		require.NotZero(t, uses, "%s has no need to be on the list", caller)
	}
}

func TestAPlantedSystemCallIsFoundHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	file := &fstest.MapFile{Data: []byte(planted)}

	found, err := SystemCalls(fstest.MapFS{
		"adapter/meetings/meetingspg/a.go":      file,
		"adapter/meetings/meetingspg/a_test.go": file, // tests look behind the tenants
		"infrastructure/queue/a.go":             file, // on the list
		"infrastructure/queue/sub/a.go":         file, // and not what is below it
		"bench/go.mod":                          {Data: []byte("module bench")},
		"bench/a.go":                            file,
		"adapter/testdata/a.go":                 file,
		"README.md":                             {Data: []byte("db.System()")},
	})

	require.NoError(t, err)
	require.Equal(t, []string{
		"adapter/meetings/meetingspg/a.go:14", "adapter/meetings/meetingspg/a.go:15",
		"adapter/meetings/meetingspg/a.go:16", "adapter/meetings/meetingspg/a.go:17",
		"infrastructure/queue/sub/a.go:14", "infrastructure/queue/sub/a.go:15",
		"infrastructure/queue/sub/a.go:16", "infrastructure/queue/sub/a.go:17",
	}, found)
}

func TestAFileThatIsNoGoIsAnError(t *testing.T) {
	t.Parallel()
	_, err := SystemCalls(fstest.MapFS{"a.go": {Data: []byte("pack age")}})
	require.Error(t, err)
}
