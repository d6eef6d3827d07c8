package filetype_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/agents/filetype"
	"github.com/tertulia-dev/tertulia/domain/agents"
)

func TestContentShowsWhatAFileIs(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]agents.Sniffed{
		"%PDF-1.7\n":                    agents.SniffedPDF,
		"# Título\n\naño":               agents.SniffedText,
		"plan,precio\nOro,900\n":        agents.SniffedText,
		"<html><body>hola</body>":       agents.SniffedText,
		"{\"a\":1}":                     agents.SniffedText,
		"MZ\x90\x00\x03\x00\x00\x00":    agents.SniffedOther,
		"\x7fELF\x02\x01\x01\x00":       agents.SniffedOther,
		"{\\rtf1\\ansi hola}":           agents.SniffedOther,
		"PK\x03\x04\x14\x00\x00\x00":    agents.SniffedOther,
		"\x89PNG\r\n\x1a\n\x00\x00\x00": agents.SniffedOther,
	} {
		require.Equal(t, want, filetype.Sniffer{}.Sniff([]byte(content)), "%q", content)
	}
}
