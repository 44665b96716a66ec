-- Times are integers: UTC milliseconds since 1970. Every row carries its account. JSON columns are text.

-- What is known about this file itself; one row (store/care.py).
create table care (
    id integer primary key check (id = 1),
    version integer not null, -- equals user_version, or one of the two is damaged
    generation integer not null default 0, -- grows with every opening and closing
    file_number text not null default '', -- the file system's, where it was written last
    copied_at integer, -- this file is a copy, made then
    doubt text not null default '' -- it may say less than Zendera knows: why, until all that is open is asked about
) strict;
insert into care (id, version) values (1, 1);

-- What a person must be told about the file.
create table notice (
    id integer primary key autoincrement,
    at integer not null,
    content text not null,
    seen_at integer
) strict;

create table account (
    id text primary key,
    name text not null,
    base_url text not null,
    passing integer not null default 0, -- given on the command line, for one run
    silent_until integer not null default 0, -- Zendera answered 429: no call before this
    calls_an_hour integer not null default 0, -- as its answers said last; 0: they did not
    made_at integer not null
) strict;

-- What Zendera exported, as it reads now, and where it stands. The columns from `phase` on are the projection of this row
-- and its outbox entries; store/projection.py alone writes them, in the transaction that changed what they are made of.
create table shipment (
    id integer primary key,
    account text not null references account (id),
    order_id integer not null,
    version integer not null,
    seen_at integer not null,
    changed_at integer not null,
    missed integer not null default 0, -- clean walks in a row that did not show it
    order_number text not null default '',
    reference text not null default '',
    pickup_city text not null default '',
    delivery_name text not null default '',
    delivery_postal_code text not null default '',
    delivery_city text not null default '',
    delivery_country text not null default '',
    colli integer not null default 0,
    weight_kg real,
    cod_amount text,
    cod_currency text not null default '',
    earliest integer,
    latest integer,
    service text not null default '',
    phase text not null default 'new',
    exception text,
    strikes integer not null default 0,
    changed text not null default '[]',
    has_draft integer not null default 0,
    entry_id integer,
    touched_at integer not null,
    to_accept integer not null default 1,
    to_report integer not null default 0,
    needs_me integer not null default 0,
    differs integer not null default 0, -- what the product feed says does not fit what was reported (store/board.py)
    differs_from integer, -- the feed must be here up to this moment for it to count; null: nothing was found
    unique (account, order_id)
) strict;
create index shipment_seen on shipment (account, seen_at desc, order_id desc);
create index shipment_touched on shipment (account, touched_at);
create index shipment_place on shipment (account, delivery_postal_code, delivery_city, order_id);
create index shipment_watched on shipment (account, order_id) where missed < 2;
create index shipment_to_accept on shipment (account, seen_at desc, order_id desc) where to_accept = 1;
create index shipment_to_report on shipment (account, seen_at desc, order_id desc) where to_report = 1;
create index shipment_needs_me on shipment (account, seen_at desc, order_id desc) where needs_me = 1;
create index shipment_differs on shipment (account, seen_at desc, order_id desc) where differs = 1;
create index shipment_will_differ on shipment (account, differs_from) where differs_from is not null and differs = 0;

-- The feed said something about these since their boards were looked at.
create table board_due (
    account text not null,
    order_id integer not null,
    primary key (account, order_id)
) strict, without rowid;

-- What the list can be sorted by (store/listing.py): a million rows are never sorted, only read in their order.
create index shipment_reference on shipment (account, reference, order_id);
create index shipment_from on shipment (account, pickup_city, order_id);
create index shipment_receiver on shipment (account, delivery_name, order_id);
create index shipment_colli on shipment (account, colli, order_id);
create index shipment_weight on shipment (account, ifnull(weight_kg, -1), order_id);
create index shipment_cod on shipment (account, ifnull(cast(cod_amount as real), -1), order_id);
create index shipment_window on shipment (account, coalesce(earliest, latest, 0), order_id);
create index shipment_service on shipment (account, service, order_id);
create index shipment_phase on shipment (account, phase, order_id);

-- How many shipments each view has: of a million they are not counted anew with each change.
create table tally (
    account text primary key,
    everything integer not null,
    to_accept integer not null,
    to_report integer not null,
    needs_me integer not null,
    differs integer not null
) strict, without rowid;
create trigger shipment_comes after insert on shipment begin
    insert into tally values (new.account, 1, new.to_accept, new.to_report, new.needs_me, new.differs)
    on conflict (account) do update set everything = everything + 1, to_accept = to_accept + excluded.to_accept,
        to_report = to_report + excluded.to_report, needs_me = needs_me + excluded.needs_me, differs = differs + excluded.differs;
end;
create trigger shipment_moves after update of to_accept, to_report, needs_me, differs on shipment
    when (old.to_accept, old.to_report, old.needs_me, old.differs) <> (new.to_accept, new.to_report, new.needs_me, new.differs) begin
    update tally set to_accept = to_accept + new.to_accept - old.to_accept, to_report = to_report + new.to_report - old.to_report,
        needs_me = needs_me + new.needs_me - old.needs_me, differs = differs + new.differs - old.differs where account = new.account;
end;
create trigger shipment_goes after delete on shipment begin
    update tally set everything = everything - 1, to_accept = to_accept - old.to_accept, to_report = to_report - old.to_report,
        needs_me = needs_me - old.needs_me, differs = differs - old.differs where account = old.account;
end;

create table shipment_version (
    account text not null,
    order_id integer not null,
    version integer not null,
    seen_at integer not null,
    original blob not null, -- the row's bytes, as they came
    differences text not null default '[]', -- from the version before: [[field, old, new], …]
    primary key (account, order_id, version),
    foreign key (account, order_id) references shipment (account, order_id)
) strict;

create table parcel (
    account text not null,
    order_id integer not null,
    place integer not null,
    product_id integer,
    internal_number text not null default '',
    barcode text not null default '',
    name text not null default '',
    quantity real,
    primary key (account, order_id, place),
    foreign key (account, order_id) references shipment (account, order_id)
) strict;
create index parcel_product on parcel (account, product_id, order_id) where product_id is not null;
create index parcel_number on parcel (account, internal_number, order_id);
create index parcel_barcode on parcel (account, barcode, order_id) where barcode <> '';
-- Of those that have nothing else to go by: only they can be meant by the number of a change that has another product's id.
create index parcel_number_alone on parcel (account, internal_number, order_id) where product_id is null;
create index parcel_barcode_alone on parcel (account, barcode, order_id) where product_id is null and barcode <> '';

-- That a person knows of what differs at a stop of the colli board (store/board.py), or takes that back.
create table acknowledgement (
    account text not null,
    order_id integer not null,
    at integer not null, -- each a little later than the one before
    stop text not null,
    undoes integer not null default 0,
    marks text not null default '[]', -- of what they know of (domain/board.py)
    made_by text not null default '',
    desk text not null default '',
    primary key (account, order_id, at),
    foreign key (account, order_id) references shipment (account, order_id)
) strict;

-- The words by which a shipment is found, in the spelling of domain/finding.py; store/search.py keeps an index of them.
create table search_words (
    id integer primary key, -- of the shipment's row
    words text not null default '',
    said text not null default '', -- in its reports
    entries text not null default '' -- the reports of which that was
) strict;
create table search_way (way integer not null) strict;
-- Shipments with a report whose words are not there yet (store/projection.py).
create table search_due (id integer primary key) strict; -- of the shipment's row
insert into search_way values (0);

-- What was looked for, for the field to offer it again.
create table recent_search (
    id integer primary key,
    text text not null unique,
    at integer not null
) strict;
create index recent_search_at on recent_search (at);

-- The views that a person made, beside the fixed ones (store/own_views.py).
create table own_view (
    account text not null references account (id),
    view text not null,
    place integer not null, -- among the account's; two may have the same for a moment
    content text not null,
    primary key (account, view)
) strict;

-- The numbers on paper by which a shipment is found, in one spelling (store/numbers.py).
create table shipment_number (
    account text not null,
    number text not null,
    order_id integer not null,
    primary key (account, number, order_id),
    foreign key (account, order_id) references shipment (account, order_id)
) strict, without rowid;
create index shipment_number_order on shipment_number (account, order_id);
-- All of the account's shipments have theirs, as far as this version of the program can read them.
create table numbered (
    account text primary key references account (id),
    program text not null
) strict;

-- Rows of the export that could not be read: kept, shown, never acknowledged.
create table set_aside (
    account text not null references account (id),
    sha256 text not null,
    original blob not null,
    why text not null,
    first_at integer not null,
    last_at integer not null,
    primary key (account, sha256)
) strict;

-- Which orders were seen in one walk with an unreadable row: that row is none of theirs. Only while such a row is there.
create table seen_beside (
    account text not null references account (id),
    row text not null, -- its SHA-256, and which of several alike
    order_id integer not null,
    primary key (account, row, order_id)
) strict, without rowid;

create table walk (
    account text primary key references account (id),
    number integer not null,
    ended_at integer not null,
    clean integer not null
) strict;

create table draft (
    account text not null references account (id),
    order_id integer not null,
    saved_at integer not null,
    content text not null,
    primary key (account, order_id)
) strict;

-- A report on many shipments that has not been sent: what they share, and a row each (store/bulk_draft.py).
create table bulk_draft (
    account text primary key references account (id),
    saved_at integer not null,
    shared text not null
) strict;
create table bulk_row (
    account text not null references account (id),
    order_id integer not null,
    place integer not null,
    saved_at integer not null,
    content text not null,
    entry_id integer references entry (id), -- sent as this, which can still be taken back
    primary key (account, order_id)
) strict;
create index bulk_row_entry on bulk_row (entry_id) where entry_id is not null;

create table picture (
    id text primary key, -- of what it was made of (store/pictures.py)
    name text not null,
    width integer not null,
    height integer not null,
    size integer not null,
    source text not null, -- SHA-256 of the file's bytes as they came in
    page integer not null default 0, -- of the file, from 0
    edits text not null default '{}', -- what a person changed
    sha256 text not null, -- of the JPEG
    added_at integer not null
) strict;
create index picture_source on picture (source);
create index picture_made on picture (sha256);

-- The durable outbox. No row is ever deleted; what it says of persons goes when retention has its time (store/retention.py).
create table entry (
    id integer primary key autoincrement,
    account text not null references account (id),
    order_id integer not null,
    kind text not null check (kind in ('accept', 'fail', 'report')),
    state text not null default 'held',
    stop text,
    status text,
    version integer not null default 0, -- of the shipment, as the person saw it who made this
    event_at integer,
    reference text not null default '',
    words text not null default '',
    made_at integer not null,
    made_by text not null default '',
    desk text not null default '',
    next_at integer not null,
    attempts integer not null default 0,
    ended_at integer,
    reads integer not null default 0,
    last_read_at integer,
    ever_unclear integer not null default 0,
    code text not null default '',
    answer text not null default '',
    http_status integer,
    strike integer not null default 0,
    batch integer,
    seen_by text not null default '', -- what confirmed it: timeline, feed, walk or person
    audit_at integer, -- when it is looked whether Zendera shows it twice
    audits integer not null default 0, -- how often that was looked
    twice text, -- it does: when Zendera noted each, as a list
    twice_seen_at integer, -- since when a person knows
    corrects integer references entry (id), -- the report of the same order that this one says right
    instead_of integer references entry (id), -- the refused one of the same order that gave way to this one
    payload blob not null, -- frozen when the person sent it
    sha256 text not null,
    draft text, -- the form as it was, for taking back
    closed_at integer, -- when retention first saw it confirmed, taken back or dropped
    purged_at integer -- since when words, answer, payload and draft are gone
) strict;
create index entry_lane on entry (account, order_id, id);
create index entry_state on entry (state, account, next_at);
create index entry_accepts on entry (account, state) where kind = 'accept';
create index entry_borne_out on entry (account, order_id) where state = 'sent' and kind = 'report' and status = 'COMPLETE';
create index entry_looked_for on entry (account, next_at) where state = 'sent' and kind <> 'accept' and code not in ('no_evidence', 'may_not_read');
create index entry_unshown on entry (account, state, code) where state = 'sent' and code in ('no_evidence', 'still_offered');
create index entry_recognised on entry (account) where seen_by = 'timeline';
create index entry_not_noted_closed on entry (id) where closed_at is null;
create index entry_to_purge on entry (closed_at) where purged_at is null and closed_at is not null;
create index entry_kept_whole on entry (account, order_id) where purged_at is null;
create unique index entry_one_sending on entry (account, order_id) where state = 'sending';
create unique index entry_event on entry (account, order_id, event_at)
    where event_at is not null and state not in ('taken_back', 'dropped');

create index entry_audited on entry (account, audit_at) where audit_at is not null;
create index entry_corrects on entry (corrects) where corrects is not null;
create index entry_instead_of on entry (instead_of) where instead_of is not null;
create index entry_doubled on entry (account) where twice is not null and twice_seen_at is null;

create table entry_picture (
    entry_id integer not null references entry (id),
    place integer not null,
    picture_id text not null references picture (id),
    link text, -- SHA-256 of the JPEG, where the payload holds a placeholder for the link of its upload
    primary key (entry_id, place)
) strict;
create index entry_picture_named on entry_picture (picture_id);
create index entry_picture_linked on entry_picture (link) where link is not null;

-- Pictures that travel as links: each JPEG is uploaded once an account, whatever reports name it (engine/uploading.py).
create table upload (
    account text not null references account (id),
    sha256 text not null, -- of the JPEG
    state text not null default 'wanted' check (state in ('wanted', 'offered', 'putting', 'there')),
    document_id text not null default '', -- Zendera's
    upload_url text not null default '', -- takes the bytes once; gone when they left
    offered_url text not null default '', -- will be the link, if they get there
    download_url text, -- the link, since they did
    uploaded_at integer,
    next_at integer not null,
    attempts integer not null default 0, -- in a row, that came to nothing
    refusals integer not null default 0, -- among them those where the bytes were refused
    code text not null default '',
    answer text not null default '',
    primary key (account, sha256)
) strict;
create trigger upload_stays before update on upload when old.download_url is not null
    begin select raise(abort, 'the link of a picture stays'); end;
create trigger upload_linked before update on upload
    when new.download_url is not null and (old.state <> 'putting' or new.state <> 'there' or new.download_url <> old.offered_url)
    begin select raise(abort, 'a link stands when its bytes have arrived'); end;
create trigger upload_kept before delete on upload
    when exists (select 1 from entry_picture p join entry e on e.id = p.entry_id where p.link = old.sha256 and e.account = old.account)
    begin select raise(abort, 'the link of an entry is kept'); end;

create table legal_move (
    from_state text not null,
    to_state text not null,
    primary key (from_state, to_state)
) strict;
insert into legal_move values
    ('held', 'due'), ('held', 'taken_back'),
    ('due', 'sending'), ('due', 'taken_back'), ('due', 'dropped'), ('due', 'held'),
    ('sending', 'sent'), ('sending', 'unclear'), ('sending', 'refused'), ('sending', 'due'),
    ('sent', 'confirmed'), ('sent', 'dropped'),
    ('unclear', 'confirmed'), ('unclear', 'due'), ('unclear', 'needs_person'),
    ('needs_person', 'confirmed'), ('needs_person', 'due'), ('needs_person', 'dropped'),
    ('refused', 'dropped'), ('refused', 'due'), ('refused', 'unclear'),
    ('dropped', 'refused');
create trigger entry_legal before update of state on entry
    when old.state <> new.state
        and not exists (select 1 from legal_move where from_state = old.state and to_state = new.state)
    begin select raise(abort, 'illegal move of an entry'); end;
-- What Zendera answered is given up only where Zendera does not show it, or may not be asked.
create trigger entry_answered before update of state on entry
    when old.state = 'sent' and new.state = 'dropped' and old.code not in ('no_evidence', 'still_offered', 'may_not_read')
    begin select raise(abort, 'Zendera answered this entry'); end;
-- What gave way to a newer entry is refused again when that one is taken back before it left. What a person gave up stays so.
create trigger entry_given_up before update of state on entry
    when old.state = 'dropped' and new.state = 'refused'
        and not exists (select 1 from entry newer where newer.instead_of = old.id and newer.state = 'taken_back')
    begin select raise(abort, 'an entry that was given up stays so'); end;
create trigger entry_starts_held before insert on entry when new.state <> 'held'
    begin select raise(abort, 'an entry starts held'); end;
create trigger entry_frozen before update of payload, sha256, account, order_id, kind, corrects, instead_of on entry
    when new.purged_at is null or old.purged_at is not null
        or new.sha256 <> old.sha256 or new.account <> old.account or new.order_id <> old.order_id or new.kind <> old.kind
        or new.corrects is not old.corrects or new.instead_of is not old.instead_of
    begin select raise(abort, 'an entry is frozen'); end;
create trigger entry_kept before delete on entry
    begin select raise(abort, 'an entry is never deleted'); end;
-- The one door: of what is done, and only of it, the words of persons may go, all of them at once, and nothing else with them.
create trigger entry_purged before update of purged_at on entry
    when old.purged_at is not null or new.purged_at is null or old.closed_at is null
        or old.state not in ('confirmed', 'taken_back', 'dropped') or new.state <> old.state
        or old.audit_at is not null or (old.twice is not null and old.twice_seen_at is null)
        or new.payload <> x'' or new.words <> '' or new.answer <> '' or new.draft is not null
        or (new.id, new.stop, new.status, new.version, new.event_at, new.reference, new.made_at, new.made_by, new.desk, new.next_at,
                new.attempts, new.ended_at, new.closed_at, new.ever_unclear, new.code, new.http_status, new.strike, new.seen_by, new.corrects)
            is not (old.id, old.stop, old.status, old.version, old.event_at, old.reference, old.made_at, old.made_by, old.desk, old.next_at,
                old.attempts, old.ended_at, old.closed_at, old.ever_unclear, old.code, old.http_status, old.strike, old.seen_by, old.corrects)
    begin select raise(abort, 'only what is done is purged, and whole'); end;
create trigger entry_stays_purged before update on entry when old.purged_at is not null
    begin select raise(abort, 'a purged entry does not change'); end;
create trigger entry_picture_kept before delete on entry_picture
    when exists (select 1 from entry where id = old.entry_id and purged_at is null)
    begin select raise(abort, 'the pictures of an entry are kept'); end;

-- Every try, for the history of a dispute. A row is written when bytes may leave, and ended once.
create table attempt (
    id integer primary key autoincrement,
    entry_id integer not null references entry (id),
    started_at integer not null,
    ended_at integer,
    code text not null default '',
    http_status integer,
    answer text not null default '',
    sha256 text not null default '' -- of the bytes that left; '' where none did
) strict;
create index attempt_entry on attempt (entry_id, id);
create trigger attempt_ends_once before update on attempt
    when old.ended_at is not null and (
        new.answer <> '' or not exists (select 1 from entry where id = old.entry_id and purged_at is not null)
        or new.id <> old.id or new.entry_id <> old.entry_id or new.started_at <> old.started_at or new.ended_at is not old.ended_at
        or new.code <> old.code or new.http_status is not old.http_status or new.sha256 <> old.sha256)
    begin select raise(abort, 'an attempt ends once'); end;
create trigger attempt_kept before delete on attempt
    begin select raise(abort, 'attempts are kept'); end;

-- What a person did about an entry that was there already: the other half of the history of a dispute.
create table deed (
    id integer primary key autoincrement,
    entry_id integer not null references entry (id),
    at integer not null,
    deed text not null,
    made_by text not null default '',
    desk text not null default ''
) strict;
create index deed_entry on deed (entry_id, id);
create trigger deed_stays before update on deed
    begin select raise(abort, 'what was done stays'); end;
create trigger deed_kept before delete on deed
    begin select raise(abort, 'what was done is kept'); end;

-- What Zendera's timelines showed, each event once, without the comments, which are people's; and when each was read last.
create table timeline_event (
    id integer primary key autoincrement,
    account text not null references account (id),
    order_id integer not null,
    type text not null,
    status text not null,
    location text not null,
    at integer,
    noted_at integer,
    success integer,
    failure_reason text not null,
    place integer not null, -- among events of one reading that are alike in all of this
    first_seen_at integer not null
) strict;
create unique index timeline_event_once on timeline_event (
    account, order_id, type, status, location, ifnull(at, 0), ifnull(noted_at, 0), ifnull(success, 2), failure_reason, place
);
create table timeline_read (
    account text not null references account (id),
    order_id integer not null,
    read_at integer not null,
    primary key (account, order_id)
) strict;

create table feed_change (
    id integer primary key autoincrement,
    account text not null references account (id),
    at integer not null,
    product_id integer,
    product_number text not null default '',
    location_id integer,
    location_number text not null default '',
    stop text,
    status text not null,
    status_word text not null default '',
    original blob not null,
    received_at integer not null,
    order_id integer, -- the shipment it belongs to, once known
    by_id integer not null default 0 -- that has its very product: nothing that comes can say otherwise
) strict;
create unique index feed_change_once on feed_change (
    account, at, ifnull(product_id, 0), product_number, ifnull(location_id, 0), location_number, ifnull(stop, ''), status_word
);
create index feed_change_order on feed_change (account, order_id, id);
create index feed_change_product on feed_change (account, product_id) where by_id = 0;
create index feed_change_number on feed_change (account, product_number) where order_id is null;
create index feed_change_loose on feed_change (received_at) where order_id is null;

create table feed_cursor (
    account text primary key references account (id),
    token text not null default '',
    since integer, -- of the very first call, and after a refused token
    up_to_date_at integer,
    gap_at integer
) strict;

-- When the feed could not be followed on from where we stood: before the first change received after it some may be missing.
create table feed_gap (
    account text not null references account (id),
    at integer not null,
    primary key (account, at)
) strict;

create table feed_broken (
    account text not null references account (id),
    sha256 text not null,
    original blob not null,
    first_at integer not null,
    primary key (account, sha256)
) strict;
create index feed_broken_newest on feed_broken (account, first_at);

-- Calls of the last hour, so that a restart does not forget what the hour has already cost.
create table call (
    account text not null references account (id),
    at integer not null
) strict;
create index call_at on call (account, at);

-- Paper: what came in at once, its files, and its pages in their order (store/paper.py).
create table stack (
    id integer primary key autoincrement,
    account text not null references account (id),
    name text not null,
    arrived_at integer not null
) strict;
create index stack_account on stack (account, id);

create table stack_file (
    stack integer not null references stack (id) on delete cascade,
    place integer not null,
    account text not null references account (id),
    name text not null,
    source text, -- SHA-256 of its bytes; null where it was not taken
    code text not null default '', -- why it was not taken
    details text not null default '{}', -- what the sentence about that tells
    seen_before integer not null default 0, -- the same bytes were here before
    primary key (stack, place)
) strict;
create index stack_file_source on stack_file (source) where source is not null;

create table page (
    id integer primary key autoincrement,
    account text not null references account (id),
    stack integer not null references stack (id) on delete cascade,
    place integer not null, -- in the stack
    file integer not null, -- the place of its file
    source text not null, -- SHA-256 of the file's bytes
    number integer not null, -- in the file, from 0
    state text not null default 'waiting' check (state in ('waiting', 'read', 'unreadable')),
    code text not null default '', -- why it could not be read
    picture_id text references picture (id),
    edits text not null default '{}', -- what a person changed about its picture
    codes text not null default '[]',
    doubtful integer not null default 0, -- only words name its shipments, and a barcode none
    separator integer not null default 0, -- by what is read on it
    is_paper integer not null default 0, -- a person said that it is no separator
    cut text not null default 'auto' check (cut in ('auto', 'starts', 'follows')),
    assigned integer, -- by a person, to this shipment
    filed integer, -- the shipment whose draft or report has it now; store/filing.py keeps it true
    filed_at integer, -- when a person filed it last; null again when a person took it out
    dropped_at integer,
    unique (stack, place),
    foreign key (stack, file) references stack_file (stack, place)
) strict;
create index page_waiting on page (id) where state = 'waiting' and dropped_at is null;
create index page_source on page (source);
create index page_picture on page (picture_id) where picture_id is not null;
create index page_open on page (account, stack) where filed is null and dropped_at is null;
create index page_filed on page (account, filed) where filed is not null;
create index page_back on page (account, id) where filed is null and filed_at is not null;
create index page_assigned on page (account, assigned) where assigned is not null;
create index page_dropped on page (dropped_at) where dropped_at is not null;

-- The numbers that may be read on a page, as in shipment_number; and the shipments that they name.
create table page_number (
    account text not null references account (id),
    number text not null,
    page integer not null references page (id) on delete cascade,
    primary key (account, number, page)
) strict, without rowid;
create index page_number_page on page_number (page);
create table page_match (
    account text not null references account (id),
    order_id integer not null,
    page integer not null references page (id) on delete cascade,
    primary key (account, order_id, page)
) strict, without rowid;
create index page_match_page on page_match (page);

-- What was seen in the folder that is watched for an account: no name of it, so that nothing here says anything about anybody.
create table watched_folder (
    account text primary key references account (id),
    folder text not null, -- SHA-256 of its path
    since integer not null
) strict;
create table watched_file (
    account text not null references account (id),
    file text not null, -- SHA-256 of its name
    size integer not null,
    changed_at integer not null, -- nanoseconds since 1970, as its file system says
    sha256 text not null default '', -- of its bytes; '' for what was there before
    seen_at integer not null, -- last; to the day
    primary key (account, file)
) strict;
create index watched_file_bytes on watched_file (account, sha256);

-- When retention was last through, and whether bytes that it let go may still lie between the rows (store/retention.py).
create table retention (
    id integer primary key check (id = 1),
    ran_at integer not null,
    owed integer not null
) strict;
insert into retention values (1, 0, 0);

-- This file is an archive (store/archives.py): then one row, and none in the database that a desk works with.
create table archive (
    id integer primary key check (id = 1),
    made_at integer not null,
    until integer not null, -- nothing in it is younger
    made_by text not null,
    desk text not null
) strict;
-- In an archive: the pictures of its entries, as they were sent.
create table archived_picture (
    picture_id text primary key references picture (id) on delete cascade,
    jpeg blob not null
) strict;
-- The archive whose shipments are being taken out of here (store/archiving.py).
create table archiving (
    id integer primary key check (id = 1),
    file text not null, -- its name, in the folder of archives
    until integer not null
) strict;
