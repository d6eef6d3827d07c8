package tertulia

import "time"

// Notification tells a person that something happened.
type Notification struct {
	ID        string    `json:"id" doc:"The notification's ID."`
	Type      string    `json:"type" doc:"What happened." example:"meeting_completed"`
	Title     string    `json:"title" doc:"In one line." example:"Análisis listo"`
	Message   string    `json:"message" doc:"In a sentence." example:"El análisis de Demo Acme está listo."`
	MeetingID *string   `json:"meeting_id" doc:"The meeting it is about."`
	Read      bool      `json:"read" doc:"Whether it was read."`
	CreatedAt time.Time `json:"created_at" doc:"When it happened."`
}

// NotificationList is the last 20 notifications, newest first: GET /api/notifications.
type NotificationList struct {
	Data        []Notification `json:"data" doc:"The last 20."`
	UnreadCount int            `json:"unreadCount" doc:"How many are unread in all."`
}

// UpdatedCount says how many rows changed.
type UpdatedCount struct {
	Updated int `json:"updated" doc:"How many changed." example:"3"`
}

// DeletedCount says how many rows are gone.
type DeletedCount struct {
	Deleted int `json:"deleted" doc:"How many are gone." example:"3"`
}
