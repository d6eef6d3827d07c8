package recall

import (
	"encoding/json"
	"fmt"
	"time"
)

// CreateBot asks for a notetaker.
type CreateBot struct {
	MeetingURL string // a Zoom passcode rides in it; never log it
	BotName    string
	JoinAt     *time.Time        // nil is now; more than ten minutes ahead is guaranteed a bot
	Metadata   map[string]string // comes back on the bot and in its webhooks
	Recording  RecordingConfig
}

// RecordingConfig is what the caller may choose about the recording. The rest is always the same: mixed video and audio,
// participant events, and Recall's own transcription with separate streams where the platform has them.
type RecordingConfig struct {
	RetentionHours int    // how long Recall keeps the media; 0 is 168
	Language       string // of the transcript, as in "es"; "" is "auto"
}

const defaultRetentionHours = 168

type createBotBody struct {
	MeetingURL      string            `json:"meeting_url"`
	BotName         string            `json:"bot_name,omitempty"`
	JoinAt          *time.Time        `json:"join_at,omitempty"`
	Metadata        map[string]string `json:"metadata,omitempty"`
	RecordingConfig recordingBody     `json:"recording_config"`
}

type recordingBody struct {
	Transcript        transcriptBody `json:"transcript"`
	VideoMixedMP4     struct{}       `json:"video_mixed_mp4"`
	AudioMixedMP3     struct{}       `json:"audio_mixed_mp3"`
	ParticipantEvents struct{}       `json:"participant_events"`
	MeetingMetadata   struct{}       `json:"meeting_metadata"`
	Retention         retentionBody  `json:"retention"`
}

type transcriptBody struct {
	Provider struct {
		RecallaiStreaming struct {
			Mode         string `json:"mode"`
			LanguageCode string `json:"language_code"`
		} `json:"recallai_streaming"`
	} `json:"provider"`
	Diarization struct {
		UseSeparateStreams bool `json:"use_separate_streams_when_available"`
	} `json:"diarization"`
}

type retentionBody struct {
	Type  string `json:"type"`
	Hours int    `json:"hours"`
}

func (b CreateBot) body() createBotBody {
	out := createBotBody{MeetingURL: b.MeetingURL, BotName: b.BotName, Metadata: b.Metadata}
	if b.JoinAt != nil {
		at := b.JoinAt.UTC()
		out.JoinAt = &at
	}
	rec := &out.RecordingConfig
	rec.Transcript.Provider.RecallaiStreaming.Mode = "prioritize_accuracy"
	rec.Transcript.Provider.RecallaiStreaming.LanguageCode = b.Recording.Language
	if b.Recording.Language == "" {
		rec.Transcript.Provider.RecallaiStreaming.LanguageCode = "auto"
	}
	rec.Transcript.Diarization.UseSeparateStreams = true
	rec.Retention = retentionBody{Type: "timed", Hours: b.Recording.RetentionHours}
	if b.Recording.RetentionHours <= 0 {
		rec.Retention.Hours = defaultRetentionHours
	}
	return out
}

// Bot is a notetaker as Recall tells of it.
type Bot struct {
	ID            string            `json:"id"`
	MeetingURL    MeetingURL        `json:"meeting_url"`
	JoinAt        *time.Time        `json:"join_at"` // cleared when the bot joins
	Metadata      map[string]string `json:"metadata"`
	StatusChanges []Status          `json:"status_changes"`
	Recordings    []Recording       `json:"recordings"`
}

// Status returns the latest status, the zero Status when there is none yet.
func (b Bot) Status() Status {
	if len(b.StatusChanges) == 0 {
		return Status{}
	}
	return b.StatusChanges[len(b.StatusChanges)-1]
}

// Recording returns the recording with the given ID, or the latest for "", and whether there is one.
func (b Bot) Recording(id string) (Recording, bool) {
	for i := len(b.Recordings) - 1; i >= 0; i-- {
		if id == "" || b.Recordings[i].ID == id {
			return b.Recordings[i], true
		}
	}
	return Recording{}, false
}

// Status is one state of a bot, recording or artefact. Codes and sub-codes are open sets.
type Status struct {
	Code      string     `json:"code"`
	SubCode   string     `json:"sub_code"`
	Message   string     `json:"message"`
	CreatedAt *time.Time `json:"created_at"`
	UpdatedAt *time.Time `json:"updated_at"`
}

// MeetingURL is the meeting that a bot was sent to. Recall takes a string and answers with an object; older answers, and
// platforms that it does not know, have the string.
type MeetingURL struct {
	Platform  string // "zoom", "google_meet", "microsoft_teams", …; "" when Recall gave a string
	MeetingID string
	Raw       string // the string; "" when Recall gave an object
}

// UnmarshalJSON reads either form. The password, which the object also holds, is left behind.
func (m *MeetingURL) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &m.Raw)
	}
	var o struct {
		Platform  string          `json:"platform"`
		MeetingID json.RawMessage `json:"meeting_id"` // a string or a number
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return fmt.Errorf("read meeting_url: %w", err)
	}
	m.Platform = o.Platform
	if json.Unmarshal(o.MeetingID, &m.MeetingID) != nil {
		m.MeetingID = string(o.MeetingID)
	}
	return nil
}

// Recording is one stretch that a bot recorded.
type Recording struct {
	ID             string            `json:"id"`
	CreatedAt      *time.Time        `json:"created_at"`
	StartedAt      *time.Time        `json:"started_at"`
	CompletedAt    *time.Time        `json:"completed_at"`
	ExpiresAt      *time.Time        `json:"expires_at"` // when Recall deletes it
	Status         Status            `json:"status"`
	Metadata       map[string]string `json:"metadata"`
	MediaShortcuts Shortcuts         `json:"media_shortcuts"`
}

// Shortcuts are a recording's artefacts; nil is one that was not asked for.
type Shortcuts struct {
	VideoMixed        *Artifact `json:"video_mixed"`
	AudioMixed        *Artifact `json:"audio_mixed"`
	Transcript        *Artifact `json:"transcript"`
	ParticipantEvents *Artifact `json:"participant_events"`
}

// Artifact is one medium. Its URL is there once its status is "done", opens without a credential and expires in hours:
// it is never stored, but read again.
type Artifact struct {
	ID       string            `json:"id"`
	Status   Status            `json:"status"`
	Metadata map[string]string `json:"metadata"`
	Data     struct {
		DownloadURL string `json:"download_url"`
	} `json:"data"`
}

// IsReady reports whether the artefact can be downloaded.
func (a *Artifact) IsReady() bool { return a != nil && a.Data.DownloadURL != "" }
