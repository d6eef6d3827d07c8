package meetings

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf16"
)

// MaxNote is the most characters a HubSpot note body may have, counted after escaping (HubSpot, notes API, hs_note_body).
const MaxNote = 65536

// NoteMarker is the text in every note and engagement by which a replay finds what an earlier try has written.
func NoteMarker(id ID) string { return "Tertulia " + id.String() }

// RenderNote is the body of the CRM note: the whole analysis as HTML, marker first, everything that came from outside
// escaped. It has at most MaxNote characters; what does not fit is left out between two blocks, never inside a tag.
func RenderNote(m Meeting, a Analysis) string {
	p := newPage(m)
	p.paragraph("Resumen", a.Summary)
	if a.SalesRepScore != nil {
		p.fact("Puntuación", fmt.Sprintf("%d/%d", *a.SalesRepScore, MaxScore))
	}
	if a.CloseProbability != nil {
		p.fact("Probabilidad de cierre", fmt.Sprintf("%d %%", *a.CloseProbability))
	}
	p.paragraph("Próximos pasos", a.NextSteps)
	p.list("Compromisos", shown(a.ActionItems))
	p.list("Objeciones", shown(a.KeyObjections))
	p.list("Oportunidades", a.Opportunities)
	p.list("Decisiones", a.Decisions)
	p.list("Temas", a.Topics)
	p.list("Participación", shown(a.Participation.Participants))
	return p.String()
}

// RenderEngagement is the body of the CRM meeting engagement: what was agreed, under the same rules as RenderNote.
func RenderEngagement(m Meeting, a Analysis) string {
	p := newPage(m)
	p.paragraph("Resumen", a.Summary)
	p.paragraph("Próximos pasos", a.NextSteps)
	p.list("Compromisos", shown(a.ActionItems))
	return p.String()
}

// EngagementTitle is the meeting's title in the CRM.
func EngagementTitle(m Meeting) string {
	switch {
	case m.Title != "":
		return m.Title
	case m.Customer.Company != "":
		return "Reunión con " + m.Customer.Company
	case m.Customer.ContactName != "":
		return "Reunión con " + m.Customer.ContactName
	default:
		return "Reunión"
	}
}

func shown[T interface{ display() string }](items []T) []string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.display()
	}
	return texts
}

func (p Participant) display() string { return fmt.Sprintf("%s: %.1f %%", p.Name, p.Percentage) }

func (i ActionItem) display() string {
	s := i.Text
	if i.Owner != "" {
		s = i.Owner + ": " + s
	}
	if i.Due != "" {
		s += " (" + i.Due + ")"
	}
	return s
}

func (o Objection) display() string {
	s := o.Objection
	if o.Response != "" {
		s += " → " + o.Response
	}
	if o.Handled {
		return s + " (resuelta)"
	}
	return s + " (pendiente)"
}

// page is HTML made of whole blocks, cut at MaxNote.
type page struct {
	b    strings.Builder
	size int
}

func newPage(m Meeting) *page {
	p := &page{}
	p.add("<p><strong>" + html.EscapeString(clip(EngagementTitle(m), 500)) + "</strong><br>" +
		html.EscapeString(NoteMarker(m.ID)) + "</p>")
	return p
}

// String returns the page as it stands.
func (p *page) String() string { return p.b.String() }

// add appends a balanced block if it fits.
func (p *page) add(block string) {
	if size := characters(block); p.size+size <= MaxNote {
		p.b.WriteString(block)
		p.size += size
	}
}

func (p *page) fact(name, value string) {
	p.add("<p><strong>" + html.EscapeString(name) + ":</strong> " + html.EscapeString(value) + "</p>")
}

// maxParagraph leaves room for the blocks after a very long text, in characters before escaping.
const (
	maxParagraph = 8000
	maxItem      = 2000
)

func (p *page) paragraph(name, value string) {
	if value = strings.TrimSpace(value); value != "" {
		lines := strings.ReplaceAll(html.EscapeString(clip(value, maxParagraph)), "\n", "<br>")
		p.add("<h4>" + html.EscapeString(name) + "</h4><p>" + lines + "</p>")
	}
}

// list appends a titled list with as many items as fit.
func (p *page) list(name string, items []string) {
	head, tail := "<h4>"+html.EscapeString(name)+"</h4><ul>", "</ul>"
	room := MaxNote - p.size - characters(head) - characters(tail)
	var b strings.Builder
	for _, item := range items {
		block := "<li>" + html.EscapeString(clip(item, maxItem)) + "</li>"
		if room -= characters(block); room < 0 {
			break
		}
		b.WriteString(block)
	}
	if b.Len() > 0 {
		p.add(head + b.String() + tail)
	}
}

// clip cuts a text after at most n runes, at a space where there is one near.
func clip(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	cut := string(runes[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*3/4 {
		cut = cut[:i]
	}
	return cut + "…"
}

// characters counts UTF-16 units, the strictest way a vendor may count.
func characters(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
