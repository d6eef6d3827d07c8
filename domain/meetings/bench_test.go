package meetings_test

import (
	"testing"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func BenchmarkMeasureThreeHours(b *testing.B) {
	tr, _ := threeHours()
	for b.Loop() {
		meetings.Measure(tr, ana)
	}
}

func BenchmarkModelInputTenMinutes(b *testing.B) {
	tr := readRecall(b, demoFile)
	b.ReportAllocs()
	for b.Loop() {
		meetings.DetectionInput(tr)
		meetings.PromptInput(meetings.Meeting{Type: meetings.Sales}, mariana, tr)
	}
}

func BenchmarkParseAnalysisTenMinutes(b *testing.B) {
	tr, answer := readRecall(b, demoFile), modelAnswer(b, func(map[string]any) {})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := meetings.ParseAnalysis(answer, tr, meetings.Sales, meetings.DefaultPlaybook()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExtractiveTenMinutes(b *testing.B) {
	tr := readRecall(b, demoFile)
	for b.Loop() {
		meetings.Extractive(tr, meetings.Meeting{Type: meetings.Sales}, mariana, "", meetings.DefaultPlaybook())
	}
}

func BenchmarkExtractiveThreeHours(b *testing.B) {
	tr, _ := threeHours()
	for b.Loop() {
		meetings.Extractive(tr, meetings.Meeting{Type: meetings.Sales}, ana, "", meetings.DefaultPlaybook())
	}
}
