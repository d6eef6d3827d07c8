package meetings

// RepIdentity is what is known of the seller, to find them among the participants.
type RepIdentity struct {
	Name  string
	Email string
}

// Role is a participant's side of the table.
type Role string

// Roles of participants.
const (
	RoleRep   Role = "rep"
	RoleGuest Role = "guest"
)

// Participation is who spoke for how long. Overlapping speech counts for each speaker.
type Participation struct {
	RepIdentified        bool          `json:"rep_identified"`
	TotalSpeakingSeconds float64       `json:"total_speaking_seconds"` // the sum over participants, one decimal
	Participants         []Participant `json:"participants"`           // most speech first
}

// Participant is one person, however often they joined.
type Participant struct {
	Name            string  `json:"name"`
	Email           *string `json:"email"`
	Role            Role    `json:"role"`
	SpeakingSeconds float64 `json:"speaking_seconds"` // one decimal
	Percentage      float64 `json:"percentage"`       // of the total, one decimal
	Words           int     `json:"words"`
}

// Metrics are the conversation's measures. Those that need to know the seller are nil when nobody was identified, those
// of the guests when none of them spoke.
type Metrics struct {
	TalkRatio             *float64 `json:"talk_ratio"`                        // rep speech ÷ all speech, 0–1
	LongestRepMonologue   *float64 `json:"longest_rep_monologue_seconds"`     // one turn
	LongestGuestMonologue *float64 `json:"longest_guest_monologue_seconds"`   // one turn of one guest
	LongestCustomerStory  *float64 `json:"longest_customer_story_seconds"`    // guests in a row, until the rep speaks
	Patience              *float64 `json:"patience_seconds"`                  // median gap guest → rep
	RepQuestionsPerHour   *float64 `json:"rep_questions_per_hour"`            // of the conversation
	RepWordsPerMinute     *float64 `json:"rep_words_per_minute"`              // of the rep's speech
	GuestWordsPerMinute   *float64 `json:"guest_words_per_minute"`            // of the guests' speech
	WordsPerMinute        float64  `json:"words_per_minute"`                  // of all speech
	Interactivity         float64  `json:"interactivity_switches_per_minute"` // changes of speaker
	DurationSeconds       float64  `json:"duration_seconds"`                  // first word to last
}
