//! What the error pages say.

use super::words;

words! {
    /// What happened, what still works, what to do.
    pub(crate) Faults {
        works_label: "지금 되는 것", "What still works";
        todo_label: "할 일", "What to do";
        detail_label: "자세히", "Details";
        id_label: "오류 번호", "Error id";
        home: "대시보드로", "To the dashboard";

        not_found: "이 주소에는 페이지가 없습니다.", "There is no page at this address.";
        not_found_works: "다른 페이지와 피드는 모두 정상입니다.", "All other pages and all feeds work.";
        not_found_todo: "주소를 확인하거나 대시보드에서 다시 찾아가세요.", "Check the address, or go there from the dashboard.";

        signed_out: "로그인하지 않았거나 로그인이 만료되었습니다.", "You are not signed in, or your session has ended.";
        signed_out_works: "차단과 피드에는 영향이 없습니다.", "Blocking and feeds are not affected.";
        signed_out_todo: "다시 로그인하세요.", "Sign in again.";

        forbidden: "이 작업을 할 권한이 없습니다.", "You may not do this.";
        forbidden_works: "바뀐 것은 없습니다.", "Nothing was changed.";
        forbidden_todo: "권한이 필요하면 관리자에게 요청하세요.", "Ask an administrator if you need to.";

        refused: "요청을 처리하지 않았습니다.", "The request was refused.";
        refused_works: "바뀐 것은 없습니다.", "Nothing was changed.";
        refused_todo: "아래 내용을 고쳐 다시 시도하세요.", "Correct what is named below and try again.";

        unavailable: "지금은 이 페이지를 보여 드릴 수 없습니다.", "This page cannot be shown right now.";
        unavailable_works: "마지막 게시본의 피드는 계속 제공되며, 장비의 차단도 그대로입니다.", "Feeds of the last publication are still served, and devices keep blocking.";
        unavailable_todo: "잠시 뒤 새로 고치세요. 계속되면 오류 번호로 로그를 확인하세요.", "Reload in a moment. If it stays so, look for the error id in the log.";

        fault: "프로그램 오류로 페이지를 만들지 못했습니다.", "The page could not be made because of a fault in the program.";
        fault_works: "마지막 게시본의 피드는 계속 제공되며, 장비의 차단도 그대로입니다.", "Feeds of the last publication are still served, and devices keep blocking.";
        fault_todo: "오류 번호와 함께 관리자에게 알리세요.", "Tell an administrator the error id.";
    }
}
