package meetingshttp

import (
	"maps"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func (v view) toAPIDetail(d meetingsuc.Detail, lang string) tertulia.MeetingDetail {
	detail := tertulia.MeetingDetail{
		Meeting:  v.toAPIMeeting(d.Row, lang),
		Media:    tertulia.MediaLinks{VideoURL: httpserver.OrNull(d.VideoURL), AudioURL: httpserver.OrNull(d.AudioURL)},
		Analyses: []tertulia.Analysis{},
	}
	if d.VideoURL != "" || d.AudioURL != "" {
		detail.Media.ExpiresAt = &d.ExpiresAt
	}
	if d.Transcript != nil {
		detail.Transcript = toAPITranscript(*d.Transcript, d.Corrected)
	}
	if d.Analysis != nil {
		detail.Analyses = append(detail.Analyses, toAPIAnalysis(*d.Analysis))
	}
	return detail
}

// toAPITranscript shows what was heard turn by turn, and the text as it was said: corrected.
func toAPITranscript(t meetingsuc.StoredTranscript, corrected meetings.Transcript) *tertulia.Transcript {
	segments := t.Segments()
	raw := make([]tertulia.TranscriptSegment, len(segments))
	for i, s := range segments {
		raw[i] = tertulia.TranscriptSegment{Speaker: s.Speaker, Text: s.Text, StartMS: int64(s.StartMS), EndMS: int64(s.EndMS)}
	}
	return &tertulia.Transcript{
		ID: t.ID.String(), Language: httpserver.OrNull(t.Language()), RawTranscript: raw, FullText: corrected.FullText(),
	}
}

func toAPIAnalysis(a meetings.Analysis) tertulia.Analysis {
	return tertulia.Analysis{
		ID: a.ID.String(), Summary: a.Summary, ActionItems: toAPIActionItems(a.ActionItems),
		SalesRepScore: a.SalesRepScore, ScoreBreakdown: toAPIBreakdown(a.ScoreBreakdown),
		Opportunities: toAPIList(a.Opportunities), CloseProbability: a.CloseProbability,
		KeyObjections: toAPIObjections(a.KeyObjections), NextSteps: httpserver.OrNull(a.NextSteps),
		Decisions: toAPIList(a.Decisions), Topics: toAPIList(a.Topics),
		Participation: toAPIParticipation(a.Participation), Metrics: toAPIMetrics(a.Metrics),
		SalesSubtype: (*tertulia.SalesSubtype)(httpserver.OrNull(string(a.Subtype))),
		Engine:       string(a.Engine), Model: httpserver.OrNull(a.Model), Evaluator: toAPIEvaluator(a),
		PlaybookVersion: httpserver.OrNull(a.Playbook), CreatedAt: a.CreatedAt,
	}
}

// toAPIEvaluator tells whose instructions made the analysis, nil when nobody's did.
func toAPIEvaluator(a meetings.Analysis) *tertulia.AnalysisEvaluator {
	if a.Agent == "" {
		return nil
	}
	return &tertulia.AnalysisEvaluator{Key: a.Agent, Version: a.Revision, Model: a.Model}
}

func toAPIActionItems(items []meetings.ActionItem) []tertulia.ActionItem {
	list := make([]tertulia.ActionItem, len(items))
	for i, item := range items {
		list[i] = tertulia.ActionItem{Text: item.Text, Owner: httpserver.OrNull(item.Owner), Due: httpserver.OrNull(item.Due)}
	}
	return list
}

func toAPIBreakdown(b *meetings.ScoreBreakdown) *tertulia.ScoreBreakdown {
	if b == nil {
		return nil
	}
	breakdown := &tertulia.ScoreBreakdown{
		Scores: map[string]int{}, Justifications: map[string]tertulia.Justification{}, MeetingType: tertulia.MeetingType(b.MeetingType),
	}
	for dimension, score := range maps.All(b.Scores) {
		breakdown.Scores[string(dimension)] = score
	}
	for dimension, why := range maps.All(b.Justifications) {
		quotes := make([]tertulia.Quote, len(why.Quotes))
		for i, q := range why.Quotes {
			quotes[i] = tertulia.Quote{Text: q.Text, StartMS: int64(q.StartMS)}
		}
		breakdown.Justifications[string(dimension)] = tertulia.Justification{Text: why.Text, Quotes: quotes}
	}
	return breakdown
}

func toAPIObjections(objections []meetings.Objection) []tertulia.Objection {
	list := make([]tertulia.Objection, len(objections))
	for i, o := range objections {
		list[i] = tertulia.Objection(o)
	}
	return list
}

func toAPIParticipation(p meetings.Participation) tertulia.Participation {
	participants := make([]tertulia.Participant, len(p.Participants))
	for i, who := range p.Participants {
		participants[i] = tertulia.Participant{
			Name: who.Name, Email: who.Email, Role: string(who.Role), SpeakingSeconds: who.SpeakingSeconds, Percentage: who.Percentage,
		}
	}
	return tertulia.Participation{
		RepIdentified: p.RepIdentified, TotalSpeakingSeconds: p.TotalSpeakingSeconds, Participants: participants,
	}
}

func toAPIMetrics(m meetings.Metrics) tertulia.CallMetrics {
	return tertulia.CallMetrics{
		TalkRatio:            m.TalkRatio,
		LongestMonologue:     tertulia.SecondsPerSide{Rep: m.LongestRepMonologue, Guest: m.LongestGuestMonologue},
		LongestCustomerStory: m.LongestCustomerStory, Interactivity: m.Interactivity, PatienceSeconds: m.Patience,
		QuestionsPerHour: m.RepQuestionsPerHour, WordsPerMinute: &m.WordsPerMinute,
		WordsPerMinutePerSide: &tertulia.NumberPerSide{Rep: m.RepWordsPerMinute, Guest: m.GuestWordsPerMinute},
	}
}

// toAPIList shows no list as an empty one.
func toAPIList(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
