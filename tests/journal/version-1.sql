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
INSERT INTO "attempts" VALUES(1,1,1,'2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881','accepted','planned','2026-11-21T09:43:59.974+00:00',24041.593282381,'boot-1','2026-11-21T09:43:59.979+00:00','A');
INSERT INTO "attempts" VALUES(2,2,1,'a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa','unknown','planned','2026-11-21T09:43:59.988+00:00',24041.60749409,'boot-1','2026-11-21T09:43:59.992+00:00',NULL);
INSERT INTO "attempts" VALUES(3,3,1,'594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06','unknown','planned','2026-11-21T09:43:59.997+00:00',24041.616351683,'boot-1','2026-11-21T09:44:00.000+00:00',NULL);
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
INSERT INTO "calls" VALUES(1,'1|acme|ProductImport|A',1,'acme','ProductImport','A',NULL,'2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881','2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881','safe-by-key',0,'accepted',5,1,1,'A',NULL,0,0,0,NULL,NULL,NULL,NULL,NULL,'2026-11-21T09:43:59.967+00:00','2026-11-21T09:43:59.979+00:00');
INSERT INTO "calls" VALUES(2,'1|acme|ProductImport|B',1,'acme','ProductImport','B',NULL,'a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa','a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa','safe-by-key',0,'unknown',5,1,1,NULL,'cut',0,0,1,'2026-11-21T09:43:59.992+00:00',24041.610628323,'boot-1',NULL,NULL,'2026-11-21T09:43:59.967+00:00','2026-11-21T09:43:59.992+00:00');
INSERT INTO "calls" VALUES(3,'1|acme|BankStatementImport|31',1,'acme','BankStatementImport','31',NULL,'594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06','594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06','blind',0,'held',6,1,1,NULL,'look',0,0,1,'2026-11-21T09:44:00.000+00:00',24041.618822291,'boot-1',NULL,NULL,'2026-11-21T09:43:59.967+00:00','2026-11-21T09:44:00.002+00:00');
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
INSERT INTO "transitions" VALUES(1,1,1,NULL,'seen',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(2,1,2,'seen','read',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(3,1,3,'read','planned',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(4,2,1,NULL,'seen',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(5,2,2,'seen','read',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(6,2,3,'read','planned',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(7,3,1,NULL,'seen',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(8,3,2,'seen','read',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(9,3,3,'read','planned',0,'program',NULL,'2026-11-21T09:43:59.967+00:00',24041.585619561,'boot-1');
INSERT INTO "transitions" VALUES(10,1,4,'planned','sending',1,'program',NULL,'2026-11-21T09:43:59.974+00:00',24041.593282381,'boot-1');
INSERT INTO "transitions" VALUES(11,1,5,'sending','accepted',1,'program',NULL,'2026-11-21T09:43:59.979+00:00',24041.598148604,'boot-1');
INSERT INTO "transitions" VALUES(12,2,4,'planned','sending',1,'program',NULL,'2026-11-21T09:43:59.988+00:00',24041.60749409,'boot-1');
INSERT INTO "transitions" VALUES(13,2,5,'sending','unknown',1,'program','cut','2026-11-21T09:43:59.992+00:00',24041.610628323,'boot-1');
INSERT INTO "transitions" VALUES(14,3,4,'planned','sending',1,'program',NULL,'2026-11-21T09:43:59.997+00:00',24041.616351683,'boot-1');
INSERT INTO "transitions" VALUES(15,3,5,'sending','unknown',1,'program','cut','2026-11-21T09:44:00.000+00:00',24041.618822291,'boot-1');
INSERT INTO "transitions" VALUES(16,3,6,'unknown','held',1,'program','look','2026-11-21T09:44:00.002+00:00',24041.621097786,'boot-1');
CREATE INDEX ix_calls_stage ON calls (stage);
CREATE UNIQUE INDEX one_open_revision ON calls ("key") WHERE stage NOT IN ('accepted', 'filed');
CREATE INDEX ix_calls_digest ON calls (digest);
CREATE UNIQUE INDEX one_attempt_under_way ON attempts (call) WHERE result = 'sending';
COMMIT;
