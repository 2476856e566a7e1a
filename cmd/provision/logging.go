package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
)

// screen is stderr as several writers share it: log lines, progress bars and
// texts for people. While bars are shown all else is written above them.
type screen struct {
	mu    sync.Mutex
	out   io.Writer
	above io.Writer // nil: no bars
	tty   bool
}

func newScreen(w io.Writer) *screen { return &screen{out: w, tty: isTerminal(w)} }

// isTerminal reports whether a stream is a terminal that people look at.
func isTerminal(stream any) bool {
	if s, ok := stream.(*screen); ok {
		return s.tty
	}
	f, ok := stream.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.above != nil {
		// What a terminal echoes of a Ctrl-C leaves the cursor in the middle of a
		// line: texts begin at its left edge, on cleared ground.
		if _, err := s.above.Write(append([]byte(clearBelow), p...)); err == nil {
			return len(p), nil
		}
	}
	return s.out.Write(p)
}

// clearBelow brings a terminal's cursor to the left and clears from there on.
const clearBelow = "\r\x1b[J"

// last writes a process's last line past the bars, which are never drawn again.
// It waits for nobody: the process may be ending because something hangs.
func (s *screen) last(line string) {
	if s.tty {
		line = "\r\x1b[K" + line
	}
	_, _ = io.WriteString(s.out, line+"\n")
}

// writeAbove makes what follows go above w's bars; nil ends that.
func (s *screen) writeAbove(w io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.above = w
}

// logOptions are the flags of logging.
type logOptions struct {
	level string
	file  string
	quiet bool
	busy  bool // the command works on a run
}

// calm reports whether warnings are all that is logged by default: on a
// terminal there is a progress display, and a short command's own output says
// all there is to say.
func (o logOptions) calm(tty bool) bool { return o.file == "" && (tty || o.quiet || !o.busy) }

// newLogger logs to the screen, in words on a terminal and as JSON lines else;
// with a file, everything goes there and only warnings to the screen. The
// default level is warn (see calm), or info.
func newLogger(o logOptions, s *screen, color bool) (zerolog.Logger, func() error, error) {
	level, err := parseLevel(o.level, o.calm(s.tty))
	if err != nil {
		return zerolog.Nop(), nil, err
	}
	var shown io.Writer = s
	if s.tty {
		shown = zerolog.ConsoleWriter{Out: s, TimeFormat: time.TimeOnly, NoColor: !color}
	}
	done := func() error { return nil }
	if o.file != "" {
		if err := refuseOther(o.file, "log", logBegins); err != nil {
			return zerolog.Nop(), nil, fmt.Errorf("open --log-file: %w", err)
		}
		f, err := os.OpenFile(o.file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return zerolog.Nop(), nil, fmt.Errorf("open --log-file: %w", err)
		}
		done = f.Close
		shown = zerolog.MultiLevelWriter(&logFile{file: f, screen: s}, &zerolog.FilteredLevelWriter{
			Writer: zerolog.LevelWriterAdapter{Writer: shown}, Level: max(level, zerolog.WarnLevel),
		})
	}
	return zerolog.New(shown).Level(level).With().Timestamp().Logger(), done, nil
}

func parseLevel(text string, calm bool) (zerolog.Level, error) {
	switch text {
	case "":
		if calm {
			return zerolog.WarnLevel, nil
		}
		return zerolog.InfoLevel, nil
	case "debug", "info", "warn", "error":
		level, err := zerolog.ParseLevel(text)
		if err != nil {
			return 0, usagef("--log-level %q: %w", text, err)
		}
		return level, nil
	}
	return 0, usagef("--log-level %q is none of debug, info, warn, error", text)
}

// logFile is the file of --log-file. The log is no reason to stop: where the
// file can't be written, one line says so.
type logFile struct {
	file   *os.File
	screen io.Writer
	once   sync.Once
}

// Write never fails, as every line that did would be complained of.
func (f *logFile) Write(p []byte) (int, error) {
	if _, err := f.file.Write(p); err != nil {
		f.once.Do(func() { _, _ = fmt.Fprintln(f.screen, "warning: the log is not whole: "+errorText(err)) })
	}
	return len(p), nil
}
