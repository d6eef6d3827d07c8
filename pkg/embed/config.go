// Package embed is the whole system as a library, and what the binaries are made of: New wires it, App serves it and
// works on its jobs. It is the only place, with cmd, that knows every part.
package embed

import (
	"log/slog"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Config is every setting of the system.
type Config = config.Config

// ConfigFrom reads the settings from an environment of NAME=value lines, as os.Environ gives it.
func ConfigFrom(environ []string) (Config, error) { return config.Load(environ) }

// Options are what a program decides and an operator does not. The zero value is right for production.
type Options struct {
	Logger        *slog.Logger
	Now           func() time.Time // moves the whole system's clock, schedule of jobs included
	AllowLoopback bool             // lets customer-given URLs lead to this machine: development and tests
	WatchInterval time.Duration    // between looks at a meeting whose webhooks may be lost; a minute when 0
	FloorOff      bool             // lets every role pass the door, to prove that the use cases decide; tests only
	Tuning        queue.Tuning
	Chats         agentsuc.RunSettings  // how answers of agents are made
	Calls         batchcallsuc.Settings // how calls are followed
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.WatchInterval == 0 {
		o.WatchInterval = time.Minute
	}
	return o
}

// Clock implements port.Clock.
type clock struct{ now func() time.Time }

// Now returns the time in UTC.
func (c clock) Now() time.Time {
	if c.now == nil {
		return time.Now().UTC()
	}
	return c.now().UTC()
}
