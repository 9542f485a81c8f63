BEGIN TRANSACTION;
CREATE TABLE attempts (
	id INTEGER NOT NULL, 
	call INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	result VARCHAR(20) NOT NULL, 
	came_from VARCHAR(20) NOT NULL, 
	started VARCHAR(40) NOT NULL, 
	started_monotonic FLOAT NOT NULL, 
	started_boot VARCHAR(80) NOT NULL, 
	ended VARCHAR(40), 
	answer TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT one_attempt_a_number UNIQUE (call, number), 
	FOREIGN KEY(call) REFERENCES calls (id)
);
INSERT INTO "attempts" VALUES(1,1,1,'531641395a1428f23a940092c7e39e3fc26c37fee61343db2822e0c156de1cec','accepted','planned','2026-11-21T12:38:31.763+00:00',34513.381796394,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T12:38:31.893+00:00','inv1
Done.');
INSERT INTO "attempts" VALUES(2,2,1,'a3bc2d95859687e9f6cd35e7f9a33f74615c0b7d6a00c553e724eae9ab6a2a67','accepted','planned','2026-11-21T12:38:31.922+00:00',34513.541019896,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T12:38:31.954+00:00','box1
Done.');
INSERT INTO "attempts" VALUES(3,3,1,'8bd9fe9c2ba28f16106ab97d8e9579bebb59a82753000d218ef1713bb28bfd73','accepted','planned','2026-11-21T12:38:31.974+00:00',34513.592768969,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T12:38:31.990+00:00','st1
Done.');
INSERT INTO "attempts" VALUES(4,4,1,'8c9ba6f5be86066dd26d661b567feb813af2b96176817fb4665d395c8211f54c','unknown','planned','2026-11-21T12:38:32.014+00:00',34513.632776054,'b55c3a93-7605-475f-b95f-0e2e074b3799','2026-11-21T12:38:32.034+00:00',NULL);
CREATE TABLE calls (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	organization TEXT, 
	method TEXT NOT NULL, 
	number TEXT, 
	file_name TEXT, 
	digest VARCHAR(64) NOT NULL, 
	substance VARCHAR(64) NOT NULL, 
	repeat VARCHAR(20) NOT NULL, 
	overwrites BOOLEAN NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	sequence INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	sent INTEGER NOT NULL, 
	answer TEXT, 
	reason TEXT, 
	found BOOLEAN NOT NULL, 
	released BOOLEAN NOT NULL, 
	doubted BOOLEAN NOT NULL, 
	doubt_at VARCHAR(40), 
	doubt_monotonic FLOAT, 
	doubt_boot VARCHAR(80), 
	source_path TEXT, 
	source_sha256 VARCHAR(64), 
	created VARCHAR(40) NOT NULL, 
	changed VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_row_a_revision UNIQUE ("key", revision)
);
INSERT INTO "calls" VALUES(1,'1|acme|SalesInvoiceImport|inv1',1,'acme','SalesInvoiceImport','inv1',NULL,'531641395a1428f23a940092c7e39e3fc26c37fee61343db2822e0c156de1cec','531641395a1428f23a940092c7e39e3fc26c37fee61343db2822e0c156de1cec','safe-by-key',0,'accepted',5,1,1,'inv1
Done.',NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T12:38:31.672+00:00','2026-11-21T12:38:31.893+00:00');
INSERT INTO "calls" VALUES(2,'1|acme|DocumentInboxImport|box1',1,'acme','DocumentInboxImport','box1','box1','a3bc2d95859687e9f6cd35e7f9a33f74615c0b7d6a00c553e724eae9ab6a2a67','a3bc2d95859687e9f6cd35e7f9a33f74615c0b7d6a00c553e724eae9ab6a2a67','checkable',0,'accepted',5,1,1,'box1
Done.',NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T12:38:31.672+00:00','2026-11-21T12:38:31.954+00:00');
INSERT INTO "calls" VALUES(3,'1|acme|BankStatementImport|st1',1,'acme','BankStatementImport','st1',NULL,'8bd9fe9c2ba28f16106ab97d8e9579bebb59a82753000d218ef1713bb28bfd73','8bd9fe9c2ba28f16106ab97d8e9579bebb59a82753000d218ef1713bb28bfd73','blind',0,'accepted',5,1,1,'st1
Done.',NULL,0,0,0,NULL,NULL,NULL,'in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T12:38:31.672+00:00','2026-11-21T12:38:31.990+00:00');
INSERT INTO "calls" VALUES(4,'1|acme|BankStatementImport|st2',1,'acme','BankStatementImport','st2',NULL,'8c9ba6f5be86066dd26d661b567feb813af2b96176817fb4665d395c8211f54c','8c9ba6f5be86066dd26d661b567feb813af2b96176817fb4665d395c8211f54c','blind',0,'held',6,1,1,NULL,'It may have arrived, and the service has no way to ask. Look into the books; then use `efimport journal resolve 4 --arrived` or `--not-arrived`.',0,0,1,'2026-11-21T12:38:32.034+00:00',34513.652900476,'b55c3a93-7605-475f-b95f-0e2e074b3799','in/documents.xml','abababababababababababababababababababababababababababababababab','2026-11-21T12:38:31.672+00:00','2026-11-21T12:38:32.046+00:00');
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema','1');
CREATE TABLE transitions (
	id INTEGER NOT NULL, 
	call INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	start VARCHAR(20), 
	"end" VARCHAR(20) NOT NULL, 
	attempt INTEGER NOT NULL, 
	"by" TEXT NOT NULL, 
	reason TEXT, 
	at VARCHAR(40) NOT NULL, 
	monotonic FLOAT NOT NULL, 
	boot VARCHAR(80) NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT one_transition_a_step UNIQUE (call, sequence), 
	FOREIGN KEY(call) REFERENCES calls (id)
);
INSERT INTO "transitions" VALUES(1,1,1,NULL,'seen',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(2,1,2,'seen','read',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(3,1,3,'read','planned',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(4,2,1,NULL,'seen',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(5,2,2,'seen','read',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(6,2,3,'read','planned',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(7,3,1,NULL,'seen',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(8,3,2,'seen','read',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(9,3,3,'read','planned',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(10,4,1,NULL,'seen',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(11,4,2,'seen','read',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(12,4,3,'read','planned',0,'program',NULL,'2026-11-21T12:38:31.672+00:00',34513.291111724,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(13,1,4,'planned','sending',1,'program',NULL,'2026-11-21T12:38:31.763+00:00',34513.381796394,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(14,1,5,'sending','accepted',1,'program',NULL,'2026-11-21T12:38:31.893+00:00',34513.511585667,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(15,2,4,'planned','sending',1,'program',NULL,'2026-11-21T12:38:31.922+00:00',34513.541019896,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(16,2,5,'sending','accepted',1,'program',NULL,'2026-11-21T12:38:31.954+00:00',34513.572973591,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(17,3,4,'planned','sending',1,'program',NULL,'2026-11-21T12:38:31.974+00:00',34513.592768969,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(18,3,5,'sending','accepted',1,'program',NULL,'2026-11-21T12:38:31.990+00:00',34513.609063903,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(19,4,4,'planned','sending',1,'program',NULL,'2026-11-21T12:38:32.014+00:00',34513.632776054,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(20,4,5,'sending','unknown',1,'program','The connection broke after the request had begun: RemoteProtocolError Server disconnected without sending a response. The request may have arrived; its outcome has to be looked up.','2026-11-21T12:38:32.034+00:00',34513.652900476,'b55c3a93-7605-475f-b95f-0e2e074b3799');
INSERT INTO "transitions" VALUES(21,4,6,'unknown','held',1,'program','It may have arrived, and the service has no way to ask. Look into the books; then use `efimport journal resolve 4 --arrived` or `--not-arrived`.','2026-11-21T12:38:32.046+00:00',34513.665037341,'b55c3a93-7605-475f-b95f-0e2e074b3799');
CREATE UNIQUE INDEX one_open_revision ON calls ("key") WHERE stage NOT IN ('accepted', 'filed');
CREATE INDEX ix_calls_stage ON calls (stage);
CREATE INDEX ix_calls_digest ON calls (digest);
CREATE UNIQUE INDEX one_attempt_under_way ON attempts (call) WHERE result = 'sending';
COMMIT;
