package meetingsbridge

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var _ agentsuc.Material = Meetings{}

// Of implements agentsuc.Material.
func (b Meetings) Of(ctx context.Context, actor kernel.Principal, id agentsuc.MeetingID) (agentsuc.MeetingMaterial, error) {
	d, err := b.queries.WithoutLinks(ctx, actor, meetings.ID(id))
	if err != nil {
		return agentsuc.MeetingMaterial{}, err
	}
	if d.Transcript == nil || d.Transcript.IsEmpty() {
		return agentsuc.MeetingMaterial{}, fault.New(fault.Conflict, agents.TranscriptNotReady)
	}
	m := agentsuc.MeetingMaterial{
		Type: agents.MeetingType(d.Row.Type),
		Briefing: agents.Briefing{
			About: aboutOf(d.Row), Analysis: analysisOf(d.Analysis), Transcript: d.Corrected.Flatten(),
		},
	}
	for _, s := range d.Corrected.Segments() {
		m.Moments = append(m.Moments, agents.Moment{StartMS: int64(s.StartMS), EndMS: int64(s.EndMS)})
	}
	return m, nil
}

// aboutOf is what is known of the meeting itself. E-mail addresses and phone numbers stay out.
func aboutOf(row meetingsuc.MeetingRow) string {
	about := map[string]string{}
	set := func(name, value string) {
		if value != "" {
			about[name] = value
		}
	}
	set("titulo", row.Title)
	set("tipo", string(row.Type))
	if row.SalesRep != nil {
		set("vendedor", row.SalesRep.Name)
	}
	set("contacto", row.Customer.ContactName)
	set("empresa", row.Customer.Company)
	set("valor", row.Customer.DealDisplay())
	set("fecha", row.OccursAt().UTC().Format("2006-01-02"))
	set("duracion", meetings.DurationDisplay(row.Duration()))
	return document(about)
}

// analysisOf is what the current analysis says, without what was measured and without where it comes from.
func analysisOf(a *meetings.Analysis) string {
	if a == nil {
		return ""
	}
	return document(struct {
		Summary       string                   `json:"resumen,omitempty"`
		ActionItems   []meetings.ActionItem    `json:"compromisos,omitempty"`
		Score         *int                     `json:"puntuacion,omitempty"`
		Breakdown     *meetings.ScoreBreakdown `json:"desglose,omitempty"`
		Opportunities []string                 `json:"oportunidades,omitempty"`
		Probability   *int                     `json:"probabilidad_de_cierre,omitempty"`
		Objections    []meetings.Objection     `json:"objeciones,omitempty"`
		NextSteps     string                   `json:"siguientes_pasos,omitempty"`
		Decisions     []string                 `json:"acuerdos,omitempty"`
		Topics        []string                 `json:"temas,omitempty"`
	}{
		a.Summary, a.ActionItems, a.SalesRepScore, a.ScoreBreakdown, a.Opportunities, a.CloseProbability, a.KeyObjections,
		a.NextSteps, a.Decisions, a.Topics,
	})
}

func document(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v) // plain data always encodes
	}
	return string(raw)
}
