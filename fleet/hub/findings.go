package hub

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/fleet/detect"
	"github.com/pledge-linux/pledge/fleet/envelope"
)

// finder has the detector, which knows what the index has.
type finder struct {
	mu    sync.Mutex
	d     *detect.Detector
	began time.Time
}

// settle is how long hosts have to come back to a hub that was away, before they
// are called silent.
const settle = 15 * time.Minute

// begin has the detector read what is stored.
func (f *finder) begin(x *Index, o detect.Options) error {
	f.d, f.began = detect.New(o), time.Now()
	return x.Each(context.Background(), func(e *envelope.Event) { f.d.Add(e) })
}

func (f *finder) add(ctx context.Context, x *Index, fresh []envelope.Event) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []detect.Finding
	for i := range fresh {
		found = append(found, f.d.Add(&fresh[i])...)
	}
	return x.keep(ctx, found)
}

func (f *finder) silent(ctx context.Context, x *Index, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.began) < settle {
		return nil
	}
	return x.keep(ctx, f.d.Silent(now))
}

// Replay tells what a detector with these options finds in what is stored.
func (x *Index) Replay(ctx context.Context, o detect.Options) (found []detect.Finding, err error) {
	d := detect.New(o)
	err = x.Each(ctx, func(e *envelope.Event) { found = append(found, d.Add(e)...) })
	return found, err
}

// Each calls f with all events, in the order of their time.
func (x *Index) Each(ctx context.Context, f func(*envelope.Event)) error {
	rows, err := x.db.QueryContext(ctx, `SELECT text FROM events ORDER BY time`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		var e envelope.Event
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal(text, &e); err != nil {
			return err
		}
		f(&e)
	}
	return rows.Err()
}

// keep stores findings, each once.
func (x *Index) keep(ctx context.Context, found []detect.Finding) error {
	for _, f := range found {
		text, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if _, err := x.db.ExecContext(ctx, `INSERT INTO findings VALUES (?,?,?,?) ON CONFLICT DO NOTHING`, f.ID, f.Time.UnixNano(), f.Kind, string(text)); err != nil {
			return err
		}
	}
	return nil
}

// Findings returns those that are not muted, latest first.
func (x *Index) Findings(ctx context.Context, limit int) ([]detect.Finding, error) {
	rows, err := x.db.QueryContext(ctx, `SELECT text FROM findings WHERE id NOT IN (SELECT id FROM mutes WHERE until > ?) ORDER BY time DESC LIMIT ?`, time.Now().UnixNano(), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []detect.Finding{}
	for rows.Next() {
		var text []byte
		var f detect.Finding
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &f); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// Mute hides a finding until a time, by the name of who wants it.
func (x *Index) Mute(ctx context.Context, id string, until time.Time, who string) error {
	_, err := x.db.ExecContext(ctx, `INSERT INTO mutes VALUES (?,?,?) ON CONFLICT DO UPDATE SET until = excluded.until, who = excluded.who`, id, until.UnixNano(), who)
	return err
}
