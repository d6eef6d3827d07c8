package queue

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics carry kinds and outcomes, never a value of a job.
type metrics struct {
	runs     *prometheus.CounterVec
	duration *prometheus.HistogramVec
	dropped  prometheus.Counter
	pushed   prometheus.Counter
	lag      prometheus.Gauge
	deaf     prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tertulia_job_runs_total", Help: "Attempts at jobs, by kind and outcome.",
		}, []string{"kind", "outcome"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tertulia_job_run_seconds", Help: "Run time of attempts at jobs, by kind.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 10),
		}, []string{"kind"}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tertulia_jobs_left_to_feeder_total", Help: "Jobs that were not pushed right after their commit.",
		}),
		pushed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tertulia_jobs_fed_total", Help: "Jobs that the feeder has pushed.",
		}),
		lag: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "tertulia_jobs_feeder_lag_seconds", Help: "Age of the oldest due job in the feeder's last round.",
		}),
		deaf: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tertulia_jobs_abandoned_total", Help: "Handlers that went on after the end of their context.",
		}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.runs, m.duration, m.dropped, m.pushed, m.lag, m.deaf} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("register queue metrics: %w", err)
		}
	}
	return m, nil
}
