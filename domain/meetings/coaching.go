package meetings

import "math"

// Habit names one of the measured habits of a seller.
type Habit string

// Habits, as Metrics has them; a rep's is the mean over meetings in which the rep was identified.
const (
	HabitTalkRatio     Habit = "talk_ratio"                     // 0–1
	HabitMonologue     Habit = "longest_monologue_seconds"      // of the rep
	HabitCustomerStory Habit = "longest_customer_story_seconds" // of the guests
	HabitInteractivity Habit = "interactivity"                  // changes of speaker a minute
	HabitPatience      Habit = "patience_seconds"               // before the rep answers
	HabitQuestions     Habit = "questions_per_hour"             // of the rep
	HabitSpeed         Habit = "words_per_minute"               // of the rep
)

// Target is the range that others have published for a habit. Without a bound it is open on that side; without both it
// only says what is usual.
type Target struct {
	Habit     Habit
	Min, Max  *float64
	Published string // what the source says, in its units
	Source    string
	URL       string // "" where the source is not on a page of its own
	AsOf      string // when it was published or read, "2025-03" or a day
}

// Targets returns the published range of each habit, in the order they are shown. Those of Gong's help centre were read
// where others quote them; questions are published a discovery call and taken an hour, as the scoring does.
func Targets() []Target {
	const (
		help    = "Gong, Coaching for account executives (as quoted by others)"
		helpURL = "https://help.gong.io/docs/coaching-for-account-executives"
		read    = "2026-11-21"
	)
	return []Target{
		{
			Habit: HabitTalkRatio, Max: new(0.65), Published: "43 % talking wins most; above 65 % fewer deals are won",
			Source: "Gong Labs, talk-to-listen ratio", URL: "https://gong.io/resources/labs/talk-to-listen-conversion-ratio", AsOf: "2025-03-20",
		},
		{Habit: HabitMonologue, Max: new(150.0), Published: "at most 2 min 30 s", Source: help, URL: helpURL, AsOf: read},
		{Habit: HabitCustomerStory, Min: new(60.0), Max: new(120.0), Published: "1 to 2 min", Source: help, URL: helpURL, AsOf: read},
		{Habit: HabitInteractivity, Min: new(5.0), Published: "at least 5", Source: help, URL: helpURL, AsOf: read},
		{Habit: HabitPatience, Min: new(0.6), Max: new(1.0), Published: "0.6 to 1.0 s", Source: help, URL: helpURL, AsOf: read},
		{Habit: HabitQuestions, Min: new(11.0), Max: new(14.0), Published: "11 to 14 targeted questions a discovery call", Source: help, URL: helpURL, AsOf: read},
		{Habit: HabitSpeed, Published: "173 words a minute on average", Source: "Gong Labs, 67,149 meetings (as quoted by others)", AsOf: read},
	}
}

// Verdict says where a value lies beside a target.
type Verdict string

// Verdicts. None says whether that is good: that is for who coaches.
const (
	Below  Verdict = "below"
	Within Verdict = "within"
	Above  Verdict = "above"
)

// Verdict returns where the value lies, "" where the target has no bound.
func (t Target) Verdict(value float64) Verdict {
	switch {
	case t.Min == nil && t.Max == nil:
		return ""
	case t.Min != nil && value < *t.Min:
		return Below
	case t.Max != nil && value > *t.Max:
		return Above
	default:
		return Within
	}
}

// Trend says whether a value has come closer to its target.
type Trend string

// Trends.
const (
	Closer  Trend = "closer"
	Steady  Trend = "steady" // as far as before, or within the range both times
	Farther Trend = "farther"
)

// Trend compares the distances of two values from the range, "" where the target has no bound.
func (t Target) Trend(before, now float64) Trend {
	was, is := t.distance(before), t.distance(now)
	switch {
	case t.Verdict(now) == "":
		return ""
	case is < was:
		return Closer
	case is > was:
		return Farther
	default:
		return Steady
	}
}

// distance is how far a value lies outside of the range, 0 within.
func (t Target) distance(value float64) float64 {
	switch t.Verdict(value) {
	case Below:
		return *t.Min - value
	case Above:
		return value - *t.Max
	default:
		return 0
	}
}

// Shown is a value as it is shown and judged: with three decimals for a ratio, one for what is counted or timed in whole
// seconds, two for the others.
func (m Habit) Shown(value float64) float64 {
	decimals := 1.0
	switch m {
	case HabitTalkRatio:
		decimals = 3
	case HabitPatience, HabitInteractivity:
		decimals = 2
	}
	scale := math.Pow(10, decimals)
	return math.Round(value*scale) / scale
}
