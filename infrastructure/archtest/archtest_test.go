package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryImportOfTheModuleKeepsTheRules(t *testing.T) {
	t.Parallel()

	packages := list(t)
	require.Greater(t, len(packages), 5, "the module's packages were not found")
	require.Empty(t, Check(packages))
}

func TestAPlantedViolationIsFound(t *testing.T) {
	t.Parallel()
	for name, planted := range map[string]Package{
		"the domain reaches for HTTP":              {Module + "domain/meetings", []string{"net/http"}},
		"the domain reaches for a library":         {Module + "domain/meetings", []string{"github.com/google/uuid"}},
		"the domain knows another capability":      {Module + "domain/meetings", []string{Module + "domain/identity"}},
		"a use case knows a repository":            {Module + "usecase/meetings", []string{Module + "adapter/meetings/meetingspg"}},
		"a use case knows another's use case":      {Module + "usecase/meetings", []string{Module + "usecase/identity"}},
		"a use case knows infrastructure":          {Module + "usecase/meetings", []string{Module + "infrastructure/postgres"}},
		"a handler talks to the database":          {Module + "adapter/meetings/meetingshttp", []string{"github.com/uptrace/bun"}},
		"a handler knows a repository":             {Module + "adapter/meetings/meetingshttp", []string{Module + "adapter/meetings/meetingspg"}},
		"a repository knows the wire":              {Module + "adapter/meetings/meetingspg", []string{Module + "pkg/tertulia"}},
		"a vendor adapter knows the sandbox":       {Module + "adapter/meetings/recall", []string{Module + "infrastructure/sandbox"}},
		"infrastructure knows a capability":        {Module + "infrastructure/queue", []string{Module + "domain/meetings"}},
		"infrastructure knows the embedded stores": {Module + "infrastructure/postgres", []string{Module + "infrastructure/embedded"}},
		"a vendor client knows its own double":     {Module + "infrastructure/vendors/recall", []string{Module + "infrastructure/sandbox/recall"}},
		"the sandbox knows a vendor client":        {Module + "infrastructure/sandbox/recall", []string{Module + "infrastructure/vendors/recall"}},
		"Wire leaves the composition root":         {Module + "adapter/meetings/meetingspg", []string{"github.com/google/wire"}},
		"the SDK takes a dependency":               {Module + "pkg/tertulia", []string{"github.com/google/uuid"}},
		"the SDK knows the domain":                 {Module + "pkg/tertulia", []string{Module + "domain/kernel"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Len(t, Check([]Package{planted}), 1)
		})
	}
}

func TestWhatTheTableAllowsIsAllowed(t *testing.T) {
	t.Parallel()
	require.Empty(t, Check([]Package{
		{Module + "domain/meetings", []string{"time", Module + "domain/kernel", Module + "domain/fault"}},
		{Module + "usecase/meetings", []string{Module + "domain/meetings", Module + "usecase/port"}},
		{Module + "adapter/meetings/meetingshttp", []string{Module + "infrastructure/httpserver", Module + "pkg/tertulia"}},
		{Module + "adapter/meetings/meetingspg", []string{"github.com/uptrace/bun", Module + "infrastructure/postgres"}},
		{Module + "adapter/notifications/meetingsbridge", []string{Module + "domain/meetings", Module + "usecase/meetings"}},
		{Module + "pkg/embed", []string{"github.com/google/wire", Module + "infrastructure/sandbox"}},
	}))
}

// list asks the go command for the module's packages and their imports, test files apart.
func list(t *testing.T) []Package {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", Module+"...")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var packages []Package
	for dec := json.NewDecoder(out); ; {
		var p Package
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		packages = append(packages, p)
	}
	require.NoError(t, cmd.Wait())
	return packages
}
