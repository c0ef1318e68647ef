//! What more than one page says.

use super::words;

words! {
    /// The frame around every page, and the words that many of them share.
    pub(crate) Common {
        dashboard: "대시보드", "Dashboard";
        ip: "IP", "IP";
        collect: "수집", "Collection";
        publications: "게시·보류", "Publications";
        devices: "피드·장비", "Feeds & devices";
        allow: "허용목록", "Allow list";
        logs: "로그", "Logs";
        settings: "설정", "Settings";
        account: "계정", "Account";

        main_navigation: "주 메뉴", "Main menu";
        not_taken: "받아들이지 않았습니다", "It was not taken";
        skip: "본문으로 건너뛰기", "Skip to the content";
        search: "검색", "Search";
        search_hint: "IP, 대역, 사유, 국가 검색 ( / )", "IP, prefix, reason, country ( / )";
        view: "화면 설정", "Display";
        language: "언어", "Language";
        zone: "시간대", "Time zone";
        theme: "화면 색", "Theme";
        theme_system: "자동", "Auto";
        theme_dark: "어둡게", "Dark";
        theme_light: "밝게", "Light";
        log_out: "로그아웃", "Sign out";
        viewer: "조회자", "viewer";
        operator: "운영자", "operator";
        admin: "관리자", "admin";

        source: "수집처", "Source";
        run: "수집 실행", "Run";
        listing: "등재", "Listing";
        prefix: "대역/IP", "Prefix";
        publication: "게시본", "Publication";
        gate: "안전 게이트", "Gate";
        policy: "정책", "Policy";
        feed: "피드", "Feed";
        consumer: "소비 장비", "Consumer";

        all: "전체", "All";
        apply: "적용", "Apply";
        clear: "지우기", "Clear";
        save: "저장", "Save";
        cancel: "취소", "Cancel";
        confirm: "실행", "Confirm";
        close: "닫기", "Close";
        back: "돌아가기", "Back";
        next: "다음", "Next";
        previous: "이전", "Previous";
        first: "처음", "First";
        more: "더 보기", "More";
        download_csv: "CSV 내려받기", "Download CSV";

        lost: "연결 끊김 · 다시 연결하는 중", "Disconnected · reconnecting";
        keys: "단축키", "Keyboard shortcuts";
        key_search: "검색창으로", "Go to search";
        key_go: "메뉴로 이동", "Go to a page";
        key_move: "표에서 한 줄씩 이동", "Move along a table";
        key_open: "선택한 줄 열기", "Open the selected row";
        key_help: "이 목록 보기", "Show this list";
        is_sure: "정말 실행할까요?", "Do this?";
    }
}
