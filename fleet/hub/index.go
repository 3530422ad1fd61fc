package hub

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// An Index is what the streams say, to be searched. It can be thrown away: it is
// made again from the streams.
type Index struct{ db *sql.DB }

const schema = `
CREATE TABLE IF NOT EXISTS events (
	host TEXT NOT NULL, boot TEXT NOT NULL, seq INTEGER NOT NULL,
	time INTEGER NOT NULL, mono INTEGER NOT NULL, type TEXT NOT NULL, sev INTEGER NOT NULL,
	program TEXT NOT NULL, name TEXT NOT NULL, call TEXT NOT NULL, needs TEXT NOT NULL, text TEXT NOT NULL,
	PRIMARY KEY (host, boot, seq)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_time ON events (time);
CREATE TABLE IF NOT EXISTS hosts (host TEXT PRIMARY KEY, seen INTEGER NOT NULL, beat TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS boots (host TEXT NOT NULL, boot TEXT NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
	gone INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (host, boot)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS read (stream TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS findings (id TEXT PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mutes (id TEXT PRIMARY KEY, until INTEGER NOT NULL, who TEXT NOT NULL) WITHOUT ROWID;
`

// OpenIndex opens the file, or makes it.
func OpenIndex(file string) (*Index, error) {
	pragmas := "_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=busy_timeout(5000)&_pragma=cache_size(-16384)"
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(file), RawQuery: pragmas}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	if _, err := db.Exec(schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("index: %w", err)
	}
	return &Index{db}, nil
}

// Close closes it.
func (x *Index) Close() error { return x.db.Close() }

// A batch is some events and how far the stream was read with them.
type batch struct {
	stream string
	upto   uint64
	events []envelope.Event
}

// Add takes a batch in, all or nothing, and returns the events that were new.
func (x *Index) Add(ctx context.Context, b batch) (fresh []envelope.Event, err error) {
	tx, err := x.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	put, err := tx.PrepareContext(ctx, `INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`)
	if err != nil {
		return nil, err
	}
	for i := range b.events {
		isNew, err := add(ctx, tx, put, &b.events[i])
		if err != nil {
			return nil, err
		}
		if isNew {
			fresh = append(fresh, b.events[i])
		}
	}
	for k, n := range tally(fresh) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO boots VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET
			last = max(last, excluded.last), count = count + excluded.count, gone = gone + excluded.gone`, k.host, k.boot, n.last, n.count, n.gone); err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO hosts VALUES (?,?,?) ON CONFLICT DO UPDATE SET
			seen = max(seen, excluded.seen), beat = iif(excluded.beat = '', beat, excluded.beat)`, k.host, time.Now().UnixNano(), n.beat); err != nil {
			return nil, err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO read VALUES (?,?) ON CONFLICT DO UPDATE SET seq = excluded.seq`, b.stream, b.upto); err != nil {
		return nil, err
	}
	return fresh, tx.Commit()
}

func add(ctx context.Context, tx *sql.Tx, put *sql.Stmt, e *envelope.Event) (bool, error) {
	var c envelope.Call
	json.Unmarshal(e.Body, &c) // of other types it stays empty
	text, err := json.Marshal(e)
	if err != nil {
		return false, err
	}
	res, err := put.ExecContext(ctx, e.Host, e.Boot, int64(e.Seq), e.Time.UnixNano(), e.Mono, e.Type, e.Sev,
		c.Program, c.Name, c.Call, needs(&c), string(text))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func needs(c *envelope.Call) string {
	return strings.TrimSpace(strings.Join([]string{c.Promise, c.Unveil, c.Option}, " "))
}

type hostBoot struct{ host, boot string }

type tallied struct {
	last, count, gone int64
	beat              string
}

// tally sums up what a batch says of hosts and boots.
func tally(events []envelope.Event) map[hostBoot]tallied {
	sums := map[hostBoot]tallied{}
	for _, e := range events {
		k := hostBoot{e.Host, e.Boot}
		n := sums[k]
		n.last, n.count = max(n.last, int64(e.Seq)), n.count+1
		switch e.Type {
		case "gap":
			var g envelope.Gap
			if json.Unmarshal(e.Body, &g) == nil && g.Count < 1<<40 {
				n.gone += int64(g.Count)
			}
		case "host.hello", "host.beat", "host.bye":
			n.beat = string(e.Body)
		}
		sums[k] = n
	}
	return sums
}

// Upto is how far a stream was read.
func (x *Index) Upto(stream string) (seq uint64, err error) {
	err = x.db.QueryRow(`SELECT seq FROM read WHERE stream = ?`, stream).Scan(&seq)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	return seq, err
}

// A Query is what is searched for; what is empty does not matter.
type Query struct {
	Host, Program, Type, Text string
	Sev                       int
	Since                     time.Time
	Limit                     int
}

// Search returns events, latest first.
func (x *Index) Search(ctx context.Context, q Query) ([]envelope.Event, error) {
	where, args := []string{"time >= ?", "sev >= ?"}, []any{int64(0), q.Sev}
	if !q.Since.IsZero() {
		args[0] = q.Since.UnixNano()
	}
	for _, c := range []struct{ column, value string }{{"host", q.Host}, {"program", q.Program}, {"type", q.Type}} {
		if c.value != "" {
			where, args = append(where, c.column+" = ?"), append(args, c.value)
		}
	}
	if q.Text != "" {
		where = append(where, "(instr(call, ?) > 0 OR instr(needs, ?) > 0)")
		args = append(args, q.Text, q.Text)
	}
	if q.Limit <= 0 || q.Limit > 10000 {
		q.Limit = 200
	}
	rows, err := x.db.QueryContext(ctx, `SELECT text FROM events WHERE `+strings.Join(where, " AND ")+` ORDER BY time DESC LIMIT ?`, append(args, q.Limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []envelope.Event{}
	for rows.Next() {
		var text []byte
		var e envelope.Event
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// A HostRow is what the index knows of a host.
type HostRow struct {
	Host    string        `json:"host"`
	Group   string        `json:"group"`
	Online  bool          `json:"online"`
	Revoked bool          `json:"revoked,omitempty"`
	Seen    time.Time     `json:"seen"`
	Events  int64         `json:"events"`
	Missing int64         `json:"missing"` // numbers that have not arrived, in no gap
	Gone    int64         `json:"gone"`    // events that a full spool has dropped, and said so
	Beat    envelope.Beat `json:"beat"`
}

// Hosts returns what is known of all that have sent something.
func (x *Index) Hosts(ctx context.Context) (map[string]*HostRow, error) {
	rows, err := x.db.QueryContext(ctx, `SELECT h.host, h.seen, h.beat, sum(b.count), sum(b.last - b.count), sum(b.gone) FROM hosts h JOIN boots b ON b.host = h.host GROUP BY h.host`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[string]*HostRow{}
	for rows.Next() {
		var h HostRow
		var seen int64
		var beat []byte
		if err := rows.Scan(&h.Host, &seen, &beat, &h.Events, &h.Missing, &h.Gone); err != nil {
			return nil, err
		}
		h.Missing = max(0, h.Missing-h.Gone)
		h.Seen = time.Unix(0, seen).UTC()
		json.Unmarshal(beat, &h.Beat) // "" before the first
		list[h.Host] = &h
	}
	return list, rows.Err()
}

// Prune forgets events that are older.
func (x *Index) Prune(ctx context.Context, before time.Time) error {
	_, err := x.db.ExecContext(ctx, `DELETE FROM events WHERE time < ?`, before.UnixNano())
	return err
}
