package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Kinds of embedded Redis.
const (
	RedisServer = "redis-server"
	InProcess   = "in-process"
)

// tick is how often the in-process Redis is told that time has passed: by itself it never expires a key, and a lock that
// never expires stays taken.
const tick = 250 * time.Millisecond

// RedisOptions says how to run Redis.
type RedisOptions struct {
	DataDir string       // the program's data folder; only the server's log goes there
	Logger  *slog.Logger // slog.Default() when nil
}

// Redis is a running Redis. Nothing in it is kept: what must last is in Postgres.
type Redis struct {
	kind, addr, password string
	stop                 func() error
}

// Kind returns RedisServer or InProcess.
func (r *Redis) Kind() string { return r.kind }

// Addr returns host:port.
func (r *Redis) Addr() string { return r.addr }

// Password returns what a client must authenticate with.
func (r *Redis) Password() string { return r.password }

// URL returns address and password in one.
func (r *Redis) URL() string {
	u := url.URL{Scheme: "redis", User: url.UserPassword("", r.password), Host: r.addr}
	return u.String()
}

// Stop ends it.
func (r *Redis) Stop() error { return r.stop() }

// StartRedis runs the redis-server on PATH, or a Redis inside this process where there is none, on 127.0.0.1 with a
// fresh password. The server ends when Stop is called or when this process ends in any way.
func StartRedis(ctx context.Context, o RedisOptions) (*Redis, error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	path, err := exec.LookPath(RedisServer)
	if err != nil {
		return startInProcess()
	}
	r, err := startRedisServer(ctx, path, o)
	if err != nil && ctx.Err() == nil {
		o.Logger.WarnContext(ctx, "redis-server does not start: using the one in this process", "error", err)
		return startInProcess()
	}
	return r, err
}

func startInProcess() (*Redis, error) {
	server := miniredis.NewMiniRedis()
	password := rand.Text()
	server.RequireAuth(password)
	if err := server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the in-process Redis: %w", err)
	}
	ticker, stopped := time.NewTicker(tick), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				server.FastForward(tick)
			case <-stopped:
				return
			}
		}
	}()
	stop := func() error {
		ticker.Stop()
		close(stopped)
		server.Close()
		return nil
	}
	return &Redis{kind: InProcess, addr: server.Addr(), password: password, stop: stop}, nil
}

// startRedisServer gives the configuration on standard input: on the command line everybody could read the password.
func startRedisServer(ctx context.Context, path string, o RedisOptions) (*Redis, error) {
	if err := os.MkdirAll(o.DataDir, 0o755); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	logFile := filepath.Join(o.DataDir, "redis.log")
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of Redis: %w", err)
	}
	defer func() { _ = log.Close() }()
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	r := &Redis{kind: RedisServer, addr: fmt.Sprintf("127.0.0.1:%d", port), password: rand.Text()}
	cmd := exec.Command(path, "-")
	cmd.Env, cmd.Dir = cleanEnvironment(), "/"
	cmd.Stdin = strings.NewReader(fmt.Sprintf("bind 127.0.0.1\nport %d\nrequirepass %s\nsave \"\"\nappendonly no\n", port, r.password))
	cmd.Stdout, cmd.Stderr = log, log
	tie(cmd, nil, syscall.SIGTERM)
	proc, err := start(cmd)
	if err != nil {
		return nil, err
	}
	r.stop = func() error { return proc.stop(syscall.SIGTERM, stopPatience) }
	if err := r.await(ctx, proc); err != nil {
		end, _ := os.ReadFile(logFile)
		return nil, fmt.Errorf("start %s: %w; its log ends: %s", path, errors.Join(err, r.stop()), lastBytes(end, 400))
	}
	return r, nil
}

func (r *Redis) await(ctx context.Context, proc *process) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	client := redis.NewClient(&redis.Options{Addr: r.addr, Password: r.password, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	for {
		err := client.Ping(ctx).Err()
		if err == nil {
			return nil
		}
		select {
		case <-proc.done:
			return errors.New("it ended at once")
		default:
		}
		if pause(ctx, 10*time.Millisecond) != nil {
			return err
		}
	}
}
