// Package filetype tells what a file is by its content, whatever its name says.
package filetype

import (
	"github.com/gabriel-vasile/mimetype"

	"github.com/tertulia-dev/tertulia/domain/agents"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.Sniffer = Sniffer{}

// Sniffer implements agentsuc.Sniffer.
type Sniffer struct{}

// HeadBytes implements agentsuc.Sniffer. It is how much mimetype looks at: enough for the first names in an archive, by
// which a Word file differs from other ones.
func (Sniffer) HeadBytes() int { return 3072 }

// Sniff implements agentsuc.Sniffer.
func (Sniffer) Sniff(head []byte) agents.Sniffed {
	found := mimetype.Detect(head)
	switch {
	case found.Is(agents.PDF.MediaType()):
		return agents.SniffedPDF
	case found.Is(agents.Word.MediaType()):
		return agents.SniffedWord
	case found.Is("text/rtf"): // its codes are no text to a reader
		return agents.SniffedOther
	}
	for t := found; t != nil; t = t.Parent() {
		if t.Is("text/plain") {
			return agents.SniffedText
		}
	}
	return agents.SniffedOther
}
